/** What `lightning-record-edit-form` and `lightning-record-view-form` share: they load a record for their fields. */
import { LightningElement, api } from 'lwc';
import { onRecordChange } from 'local/recordChanges';
import { errorMessages } from 'local/errors';
import { api as apiPath, getJson } from 'local/http';
import { objectInfo } from 'lightning/uiObjectInfoApi';
import { plainFieldName, plainObjectName } from 'local/fieldRegistration';

export default class RecordFormBase extends LightningElement {
  @api density;
  @api recordTypeId;
  _recordId;
  _object;
  fields = new Map();
  messages = new Set();
  loadScheduled = false;

  @api get recordId() {
    return this._recordId;
  }
  set recordId(value) {
    this._recordId = value;
    this.scheduleLoad();
  }

  @api get objectApiName() {
    return this._object;
  }
  set objectApiName(value) {
    this._object = value;
    this.scheduleLoad();
  }

  connectedCallback() {
    this.stop = onRecordChange((isChanged) => {
      if (this.recordId && isChanged(this.recordId)) this.scheduleLoad();
    });
  }

  disconnectedCallback() {
    this.stop?.();
  }

  handleField(event) {
    event.stopPropagation();
    const { element } = event.detail;
    this.fields.set(element, event.detail);
    event.detail.onRemove = () => this.fields.delete(element);
    this.scheduleLoad();
  }

  handleMessages(event) {
    event.stopPropagation();
    const { show } = event.detail;
    this.messages.add(show);
    event.detail.onRemove = () => this.messages.delete(show);
  }

  showMessages(list) {
    for (const show of this.messages) show(list);
  }

  /** Fields register one by one while the form renders; they are loaded together afterwards. */
  scheduleLoad() {
    if (this.loadScheduled) return;
    this.loadScheduled = true;
    void Promise.resolve().then(() => {
      this.loadScheduled = false;
      return this.load();
    });
  }

  async load() {
    const object = plainObjectName(this.objectApiName);
    const fields = [...this.fields.values()];
    if (!object || fields.length === 0) return;
    try {
      const info = await objectInfo(object);
      const names = fields.map(({ name }) => `${object}.${plainFieldName(name())}`);
      const optional = fields.flatMap(({ name }) => {
        const { relationshipName, referenceToInfos = [] } =
          info.fields[plainFieldName(name())] ?? {};
        const nameField = referenceToInfos[0]?.nameFields[0];
        return relationshipName && nameField ? [`${object}.${relationshipName}.${nameField}`] : [];
      });
      const record = this.recordId
        ? await getJson(
            `${apiPath(`ui-api/records/${this.recordId}`)}?fields=${names}&optionalFields=${optional}`,
          )
        : null;
      for (const { name, show } of fields) show(info, record, plainFieldName(name()));
      this.dispatchEvent(
        new CustomEvent('load', {
          detail: {
            records: record ? { [record.id]: record } : {},
            objectInfos: { [object]: info },
          },
        }),
      );
    } catch (error) {
      this.showMessages(errorMessages(error));
      this.dispatchEvent(
        new CustomEvent('error', { detail: { message: errorMessages(error)[0] } }),
      );
    }
  }
}
