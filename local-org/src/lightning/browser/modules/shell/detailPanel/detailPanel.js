import { sectionsOf } from 'local/layout';
import RecordComponent from 'local/recordComponent';
import { showSuccess } from 'local/notices';

/** A record's fields in sections, changed in place. */
export default class DetailPanel extends RecordComponent {
  isEditing = false;

  get sections() {
    return sectionsOf(this.layout, (names, index) =>
      names.map((name) => ({
        name,
        key: `${index}-${name}`,
        isEditable: this.layout.editable.includes(name),
      })),
    );
  }

  get canEdit() {
    return this.layout?.canEdit && !this.isEditing;
  }

  handleEdit() {
    this.isEditing = true;
  }

  handleCancel() {
    this.isEditing = false;
  }

  handleSuccess() {
    this.isEditing = false;
    showSuccess(`${this.layout.label} was saved.`);
  }
}
