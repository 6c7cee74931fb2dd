import RecordComponent from 'local/recordComponent';
import LightningConfirm from 'lightning/confirm';
import { deleteRecord } from 'lightning/uiRecordApi';
import { navigateTo } from 'local/router';
import { showError, showSuccess } from 'local/notices';

/** The head of a record page: icon, name, the compact layout's fields, and the actions the user may take. */
export default class Highlights extends RecordComponent {
  fieldsOf(layout) {
    return [layout.nameField, ...layout.compact];
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
