import { api } from 'lwc';
import RecordFormBase from 'local/recordForm';
import { errorMessages } from 'local/errors';
import { plainFieldName, plainObjectName } from 'local/fieldRegistration';
import { createRecord, updateRecord } from 'lightning/uiRecordApi';

/** `lightning-record-edit-form`: creates or changes a record with `lightning-input-field`s. */
export default class RecordEditForm extends RecordFormBase {
  @api formClass;

  handleClick(event) {
    const button = event.target.closest?.('button, lightning-button');
    if (!button || (button.getAttribute('type') ?? button.type) !== 'submit') return;
    event.preventDefault();
    this.requestSubmit();
  }

  /** The Enter key in a field. */
  handleNativeSubmit(event) {
    event.preventDefault();
    event.stopPropagation();
    this.requestSubmit();
  }

  /** As a click on a submit button: validates, and fires `submit` before it saves. */
  @api requestSubmit() {
    const fields = this.collect();
    if (!fields) return;
    const goOn = this.dispatchEvent(
      new CustomEvent('submit', { cancelable: true, detail: { fields } }),
    );
    if (goOn) void this.submit(fields);
  }

  /** The changed values, or null when a field is not valid. */
  collect() {
    const inputs = [...this.fields.values()];
    if (!inputs.map(({ validate }) => validate?.() ?? true).every(Boolean)) return null;
    return Object.fromEntries(
      inputs.flatMap(({ name, value }) => (value ? [[plainFieldName(name()), value()]] : [])),
    );
  }

  @api async submit(given) {
    const fields = given ?? this.collect();
    if (!fields) return;
    this.showMessages([]);
    try {
      const record = this.recordId
        ? await updateRecord({ fields: { ...fields, Id: this.recordId } })
        : await createRecord({ apiName: plainObjectName(this.objectApiName), fields });
      this.dispatchEvent(new CustomEvent('success', { detail: record }));
    } catch (error) {
      this.showErrors(error);
    }
  }

  showErrors(error) {
    const fieldErrors = error.body?.output?.fieldErrors ?? {};
    const placed = new Set();
    for (const { name, setErrors } of this.fields.values()) {
      const own = (fieldErrors[plainFieldName(name())] ?? []).map(({ message }) => message);
      setErrors?.(own);
      own.forEach((message) => placed.add(message));
    }
    const rest = errorMessages(error).filter((message) => !placed.has(message));
    this.showMessages(rest.length ? rest : ['Review the errors on this page.']);
    this.dispatchEvent(
      new CustomEvent('error', {
        detail: {
          message: error.body?.message ?? errorMessages(error)[0],
          detail: errorMessages(error).join(' '),
          output: error.body?.output,
        },
      }),
    );
  }
}
