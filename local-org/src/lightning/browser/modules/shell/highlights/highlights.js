import RecordComponent from 'local/recordComponent';
import LightningConfirm from 'lightning/confirm';
import { deleteRecord } from 'lightning/uiRecordApi';
import { navigateTo } from 'local/router';
import { showError, showSuccess } from 'local/notices';

const MAXIMUM_FIELDS = 7;

/** The head of a record page: icon, name, the compact layout's fields, and the actions the user may take. */
export default class Highlights extends RecordComponent {
  fieldsOf(layout) {
    return [layout.nameField, ...layout.compact];
  }

  /** The compact layout as it is; without one, the first fields that say something. */
  get fields() {
    const { compact, hasCompactLayout } = this.layout;
    const shown = hasCompactLayout ? compact : compact.filter((name) => this.hasValue(name));
    return shown.slice(0, MAXIMUM_FIELDS);
  }

  hasValue(name) {
    const value = this.record?.fields[name]?.value;
    return value !== null && value !== undefined && value !== '';
  }

  get title() {
    const field = this.record?.fields[this.layout.nameField];
    return field?.displayValue ?? field?.value ?? '';
  }

  get canEdit() {
    return this.layout?.canEdit;
  }

  get canDelete() {
    return this.layout?.canDelete;
  }

  reference(actionName) {
    return {
      type: actionName === 'list' ? 'standard__objectPage' : 'standard__recordPage',
      attributes: { recordId: this.recordId, objectApiName: this.objectApiName, actionName },
    };
  }

  handleEdit() {
    navigateTo(this.reference('edit'));
  }

  async handleDelete() {
    const isSure = await LightningConfirm.open({
      label: `Delete ${this.layout.label}`,
      message: `Are you sure you want to delete "${this.title}"?`,
      theme: 'warning',
    });
    if (!isSure) return;
    try {
      await deleteRecord(this.recordId);
      showSuccess(`${this.layout.label} "${this.title}" was deleted.`);
      navigateTo(this.reference('list'));
    } catch (error) {
      showError(`${this.layout.label} was not deleted`, error);
    }
  }
}
