/** Base of the standard components on record pages: knows the layout and loads the fields it shows. */
import { LightningElement, api } from 'lwc';
import { api as apiPath, getJson } from 'local/http';
import { errorMessages } from 'local/errors';
import { layoutOf } from 'local/layout';
import { onRecordChange } from 'local/recordChanges';

export default class RecordComponent extends LightningElement {
  @api recordId;
  @api objectApiName;
  layout = null;
  record = null;
  failure = null;

  connectedCallback() {
    void this.load();
    this.stop = onRecordChange((isChanged) => {
      if (isChanged(this.recordId)) void this.load();
    });
  }

  disconnectedCallback() {
    this.stop();
  }

  /** Names of the fields to load with the record; sub-classes say which. */
  fieldsOf() {
    return [];
  }

  async load() {
    try {
      const layout = await layoutOf(this.objectApiName);
      const fields = this.fieldsOf(layout).map((name) => `${this.objectApiName}.${name}`);
      this.record = fields.length
        ? await getJson(`${apiPath(`ui-api/records/${this.recordId}`)}?optionalFields=${fields}`)
        : null;
      this.layout = layout;
      this.failure = null;
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }
}
