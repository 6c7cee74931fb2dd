import { LightningElement, api } from 'lwc';
import { literal, query } from 'local/http';
import { objectInfo } from 'lightning/uiObjectInfoApi';

const SHOWN = 8;

/** `lightning-record-picker`: finds one record of an object by its name. */
export default class RecordPicker extends LightningElement {
  @api label;
  @api placeholder = 'Search…';
  @api variant = 'standard';
  @api required = false;
  @api disabled = false;
  @api fieldLevelHelp;
  @api objectApiName;
  @api displayInfo;
  @api matchingInfo;
  @api filter;
  current = null;
  options = [];
  text = '';
  isOpen = false;
  isInvalid = false;
  message = '';

  @api get value() {
    return this.current;
  }
  set value(value) {
    this.current = value || null;
    void this.showCurrent();
  }

  get inputClass() {
    return this.isInvalid ? 'slds-form-element slds-has-error' : 'slds-form-element';
  }

  get comboboxClass() {
    const open = this.isOpen ? ' slds-is-open' : '';
    return `slds-combobox slds-dropdown-trigger slds-dropdown-trigger_click${open}`;
  }

  get expanded() {
    return String(this.isOpen);
  }

  get labelClass() {
    return this.variant === 'label-hidden' ? 'slds-assistive-text' : 'slds-form-element__label';
  }

  get canClear() {
    return Boolean(this.current) && !this.disabled;
  }

  get isEmpty() {
    return this.options.length === 0;
  }

  get iconName() {
    return 'utility:search';
  }

  async nameField() {
    return (await objectInfo(this.objectApiName)).nameFields[0] ?? 'Id';
  }

  async showCurrent() {
    if (!this.current || !this.objectApiName) {
      this.text = '';
      return;
    }
    const field = await this.nameField();
    const [row] = await query(
      `SELECT Id, ${field} FROM ${this.objectApiName} WHERE Id = ${literal(this.current)}`,
    );
    this.text = row?.[field] ?? this.current;
  }

  async search(term) {
    const field = await this.nameField();
    const pattern = term.replace(/[%_]/g, '\\$&');
    const where = term ? ` WHERE ${field} LIKE ${literal(`%${pattern}%`)}` : '';
    const rows = await query(
      `SELECT Id, ${field} FROM ${this.objectApiName}${where} ORDER BY ${field} LIMIT ${SHOWN}`,
    );
    this.options = rows.map((row) => ({ id: row.Id, text: row[field] ?? row.Id }));
    this.isOpen = true;
  }

  handleFocus() {
    if (!this.disabled) void this.search('');
  }

  handleInput(event) {
    this.text = event.target.value;
    void this.search(this.text);
  }

  /** Waits, so that a click on an option still reaches it. */
  handleBlur() {
    window.setTimeout(() => {
      this.isOpen = false;
      if (!this.text) this.choose(null, '');
    }, 150);
  }

  handleKeydown(event) {
    if (event.key === 'Escape') this.isOpen = false;
    if (event.key === 'Enter' && this.isOpen && this.options.length > 0) {
      event.preventDefault();
      this.choose(this.options[0].id, this.options[0].text);
    }
  }

  handleOption(event) {
    const { id } = event.currentTarget.dataset;
    this.choose(id, this.options.find((option) => option.id === id).text);
  }

  handleClear() {
    this.choose(null, '');
  }

  choose(id, text) {
    this.isOpen = false;
    this.text = text;
    if (id === this.current) return;
    this.current = id;
    this.isInvalid = false;
    this.dispatchEvent(new CustomEvent('change', { detail: { recordId: id } }));
  }

  @api clearSelection() {
    this.choose(null, '');
  }

  @api checkValidity() {
    return !this.required || Boolean(this.current);
  }

  @api setCustomValidity(message) {
    this.message = message;
  }

  @api reportValidity() {
    if (!this.checkValidity()) this.message = 'Complete this field.';
    this.isInvalid = Boolean(this.message);
    this.shownMessage = this.message;
    if (this.checkValidity()) this.message = '';
    return !this.isInvalid;
  }

  shownMessage = '';

  @api focus() {
    this.template.querySelector('input')?.focus();
  }
}
