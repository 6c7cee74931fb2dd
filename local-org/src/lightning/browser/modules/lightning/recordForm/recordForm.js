import { LightningElement, api } from 'lwc';
import { plainFieldName } from 'local/fieldRegistration';

/** `lightning-record-form`: one form for viewing, changing and creating a record. */
export default class RecordForm extends LightningElement {
  @api recordId;
  @api objectApiName;
  @api recordTypeId;
  @api layoutType;
  @api columns = 1;
  @api density;
  _fields = [];
  _mode;
  isEditing = false;

  @api get fields() {
    return this._fields;
  }
  set fields(value) {
    this._fields = value ?? [];
  }

  @api get mode() {
    return this._mode;
  }
  set mode(value) {
    this._mode = value;
    this.isEditing = value === 'edit';
  }

  get isEdit() {
    return this.isEditing || !this.recordId;
  }

  get canEdit() {
    return this.mode !== 'readonly';
  }

  get names() {
    return [this._fields].flat().map(plainFieldName);
  }

  get columnSize() {
    return Math.max(1, Math.floor(12 / Number(this.columns || 1)));
  }

  handleEdit() {
    this.isEditing = true;
  }

  handleCancel() {
    this.isEditing = false;
    this.dispatchEvent(new CustomEvent('cancel'));
  }

  handleSuccess(event) {
    this.isEditing = false;
    this.dispatchEvent(new CustomEvent('success', { detail: event.detail }));
  }

  handleSubmit(event) {
    const goOn = this.dispatchEvent(
      new CustomEvent('submit', { cancelable: true, detail: event.detail }),
    );
    if (!goOn) event.preventDefault();
  }

  handleError(event) {
    this.dispatchEvent(new CustomEvent('error', { detail: event.detail }));
  }

  @api submit(fields) {
    this.template.querySelector('lightning-record-edit-form')?.submit(fields);
  }
}
