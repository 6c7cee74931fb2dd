import RecordComponent from 'local/recordComponent';
import { picklistValues } from 'lightning/uiObjectInfoApi';
import { updateRecord } from 'lightning/uiRecordApi';
import { showError, showSuccess } from 'local/notices';

const MASTER_RECORD_TYPE = '012000000000000AAA';

/** The path over a record: the values of its stage, and the step to the next. */
export default class PathAssistant extends RecordComponent {
  values = [];
  selected = null;

  fieldsOf({ pathField }) {
    return pathField ? [pathField] : [];
  }

  async load() {
    await super.load();
    const field = this.layout?.pathField;
    if (field && this.values.length === 0)
      ({ values: this.values } = await picklistValues(
        this.objectApiName,
        MASTER_RECORD_TYPE,
        field,
      ));
    this.selected = null;
  }

  get isShown() {
    return this.record && this.values.length > 0;
  }

  get current() {
    return this.record.fields[this.layout.pathField]?.value ?? null;
  }

  get target() {
    return this.selected ?? this.current;
  }

  get steps() {
    const at = this.values.findIndex(({ value }) => value === this.current);
    return this.values.map(({ value, label }, index) => {
      const state = index < at ? 'complete' : index === at ? 'current' : 'incomplete';
      const active = value === this.target ? ' slds-is-active' : '';
      return {
        value,
        label,
        isSelected: String(value === this.target),
        tabIndex: value === this.target ? 0 : -1,
        isComplete: index < at,
        stepClass: `slds-path__item slds-is-${state}${active}`,
      };
    });
  }

  get buttonLabel() {
    return this.selected && this.selected !== this.current
      ? `Mark as ${this.values.find(({ value }) => value === this.selected)?.label}`
      : 'Mark Next as Current';
  }

  handleStep(event) {
    event.preventDefault();
    this.selected = event.currentTarget.dataset.value;
  }

  handleKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = this.values.findIndex(({ value }) => value === this.target) + step;
    const next = this.values[Math.min(Math.max(at, 0), this.values.length - 1)].value;
    this.selected = next;
    this.template.querySelector(`[data-value="${CSS.escape(next)}"]`)?.focus();
  }

  async handleMark() {
    const at = this.values.findIndex(({ value }) => value === this.current);
    const value =
      this.selected && this.selected !== this.current ? this.selected : this.values[at + 1]?.value;
    if (!value) return;
    try {
      await updateRecord({ fields: { Id: this.recordId, [this.layout.pathField]: value } });
      showSuccess('Stage changed successfully.');
    } catch (error) {
      showError('The stage was not changed', error);
      this.selected = null;
    }
  }
}
