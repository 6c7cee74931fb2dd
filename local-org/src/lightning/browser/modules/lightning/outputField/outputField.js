import { LightningElement, api } from 'lwc';
import { REGISTER_FIELD, fieldLabel, register } from 'local/fieldRegistration';
import { toUrl } from 'local/location';
import { navigateTo } from 'local/router';

const KINDS = {
  Boolean: 'isCheckbox',
  DateTime: 'isDateTime',
  Date: 'isDate',
  Currency: 'isCurrency',
  Percent: 'isPercent',
  Double: 'isNumber',
  Int: 'isNumber',
  Long: 'isNumber',
  Email: 'isEmail',
  Phone: 'isPhone',
  Url: 'isUrl',
  Reference: 'isReference',
  TextArea: 'isLongText',
};

/** `lightning-output-field`: label and value of one field of the record form around it. */
export default class OutputField extends LightningElement {
  @api fieldName;
  @api fieldClass;
  @api variant;
  label = '';
  value = null;
  display = null;
  info = null;
  referenceName = null;
  registration = {
    element: this,
    name: () => this.fieldName,
    show: (info, record, name) => this.show(info, record, name),
  };

  connectedCallback() {
    register(this, REGISTER_FIELD, this.registration);
  }

  disconnectedCallback() {
    this.registration.onRemove?.();
  }

  show(info, record, name) {
    this.info = info.fields[name] ?? null;
    this.label = fieldLabel(this.info, name);
    this.value = record?.fields[name]?.value ?? null;
    this.display = record?.fields[name]?.displayValue ?? null;
    const parent = record?.fields[this.info?.relationshipName]?.value;
    const nameField = this.info?.referenceToInfos?.[0]?.nameFields[0];
    this.referenceName = parent?.fields[nameField]?.value ?? null;
  }

  /** Known to have no value, other than not loaded yet. */
  get isEmpty() {
    return this.info !== null && (this.value === null || this.value === '');
  }

  get kind() {
    if (this.value === null || this.value === '') return {};
    const kind = KINDS[this.info?.dataType] ?? 'isText';
    return { [kind]: true };
  }

  get text() {
    return this.display ?? String(this.value);
  }

  get percent() {
    return this.value / 100;
  }

  get scale() {
    return this.info?.scale;
  }

  get help() {
    return this.info?.inlineHelpText;
  }

  get isLabelShown() {
    return this.variant !== 'label-hidden';
  }

  get page() {
    return {
      type: 'standard__recordPage',
      attributes: {
        recordId: this.value,
        objectApiName: this.info?.referenceToInfos?.[0]?.apiName,
        actionName: 'view',
      },
    };
  }

  get url() {
    return toUrl(this.page);
  }

  get linkText() {
    return this.referenceName ?? this.value;
  }

  handleLink(event) {
    event.preventDefault();
    navigateTo(this.page);
  }
}
