import { LightningElement, api } from 'lwc';
import { REGISTER_FIELD, fieldLabel, register } from 'local/fieldRegistration';
import { picklistValues } from 'lightning/uiObjectInfoApi';

const MASTER_RECORD_TYPE = '012000000000000AAA';

/** `lightning-input` type by the field's data type. */
const INPUT_TYPES = {
  Boolean: 'checkbox',
  Date: 'date',
  DateTime: 'datetime',
  Time: 'time',
  Email: 'email',
  Phone: 'tel',
  Url: 'url',
  Double: 'number',
  Int: 'number',
  Long: 'number',
  Currency: 'number',
  Percent: 'number',
};
const NUMBERS = new Set(['Double', 'Int', 'Long', 'Currency', 'Percent']);

/** `lightning-input-field`: the control that fits one field of the record form around it. */
export default class InputField extends LightningElement {
  @api fieldName;
  @api variant = 'standard';
  @api required = false;
  @api disabled = false;
  @api readOnly = false;
  info = null;
  options = [];
  current = null;
  preset = undefined;
  initial = null;
  touched = false;
  registration = {
    element: this,
    name: () => this.fieldName,
    show: (info, record, name) => void this.show(info, record, name),
    value: () => this.current,
    validate: () => this.reportValidity(),
    setErrors: (messages) => this.setErrors(messages),
  };

  @api get value() {
    return this.current;
  }
  set value(value) {
    this.preset = value;
    this.current = value;
  }

  connectedCallback() {
    register(this, REGISTER_FIELD, this.registration);
  }

  disconnectedCallback() {
    this.registration.onRemove?.();
  }

  async show(info, record, name) {
    this.info = info.fields[name] ?? null;
    this.object = info.apiName;
    if (this.isPicklist && this.options.length === 0) {
      const { values } = await picklistValues(info.apiName, MASTER_RECORD_TYPE, name);
      const none = this.isMultiple || this.info.required ? [] : [{ label: '--None--', value: '' }];
      this.options = [...none, ...values.map(({ label, value }) => ({ label, value }))];
      if (!record && this.preset === undefined)
        this.current = values.find(({ isDefault }) => isDefault)?.value ?? null;
    }
    if (this.touched || this.preset !== undefined) return;
    if (record) this.current = record.fields[name]?.value ?? null;
    this.initial = this.current;
  }

  get label() {
    return fieldLabel(this.info, this.fieldName);
  }

  get isPicklist() {
    return this.info?.dataType === 'Picklist' || this.isMultiple;
  }

  get isMultiple() {
    return this.info?.dataType === 'MultiPicklist';
  }

  get kind() {
    const type = this.info?.dataType;
    if (!type) return {};
    if (this.isMultiple) return { isMultiple: true };
    if (type === 'Picklist') return { isPicklist: true };
    if (type === 'Reference') return { isReference: true };
    if (type === 'TextArea') return { isTextArea: true };
    if (type === 'Boolean') return { isCheckbox: true };
    return { isInput: true };
  }

  get inputType() {
    return INPUT_TYPES[this.info?.dataType] ?? 'text';
  }

  get step() {
    return NUMBERS.has(this.info?.dataType) ? String(10 ** -(this.info.scale ?? 0)) : undefined;
  }

  get maxLength() {
    return this.info?.length || undefined;
  }

  get help() {
    return this.info?.inlineHelpText ?? undefined;
  }

  get isRequired() {
    return this.required || Boolean(this.info?.required);
  }

  get isDisabled() {
    if (this.disabled || this.readOnly) return true;
    return this.info ? !(this.info.updateable || this.info.createable) : false;
  }

  get target() {
    return this.info?.referenceToInfos?.[0]?.apiName;
  }

  get multipleValue() {
    return this.current ? this.current.split(';') : [];
  }

  get control() {
    return this.template.querySelector('[data-control]');
  }

  handleChange(event) {
    event.stopPropagation();
    this.touched = true;
    this.current = this.read(event);
    this.dispatchEvent(
      new CustomEvent('change', { bubbles: true, composed: true, detail: { value: this.current } }),
    );
  }

  read(event) {
    const type = this.info?.dataType;
    if (type === 'Boolean') return event.target.checked;
    if (type === 'Reference') return event.detail.recordId ?? null;
    const value = event.detail?.value ?? event.target.value;
    if (this.isMultiple) return value.join(';') || null;
    if (value === '' || value === undefined) return null;
    return NUMBERS.has(type) ? Number(value) : value;
  }

  @api reset() {
    this.touched = false;
    this.current = this.initial;
  }

  @api reportValidity() {
    return this.control?.reportValidity?.() ?? true;
  }

  @api setErrors(messages) {
    const list = Array.isArray(messages) ? messages : [];
    this.control?.setCustomValidity?.(list.join(' '));
    this.control?.reportValidity?.();
    this.control?.setCustomValidity?.('');
  }

  @api focus() {
    this.control?.focus();
  }
}
