import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import { layoutOf, sectionsOf } from 'local/layout';
import { errorMessages } from 'local/errors';
import { showSuccess } from 'local/notices';

/** Creates or edits a record; closes with the record's id once it is saved. */
export default class RecordModal extends LightningModal {
  @api objectApiName;
  @api recordId;
  layout = null;
  failure = null;

  async connectedCallback() {
    try {
      this.layout = await layoutOf(this.objectApiName);
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }

  get heading() {
    const label = this.layout?.label ?? '';
    return this.recordId ? `Edit ${label}` : `New ${label}`;
  }

  get sections() {
    const { layout } = this;
    const editable = (names) => names.filter((name) => layout.editable.includes(name));
    return sectionsOf(layout, editable).filter(({ fields }) => fields.length > 0);
  }

  handleSave() {
    this.template.querySelector('lightning-record-edit-form').requestSubmit();
  }

  handleCancel() {
    this.close();
  }

  handleSuccess(event) {
    showSuccess(`${this.layout.label} was ${this.recordId ? 'saved' : 'created'}.`);
    this.close(event.detail.id);
  }
}
