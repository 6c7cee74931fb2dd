import { LightningElement, api } from 'lwc';
import { lookOf } from 'c/mediaFormat';

export default class MediaBadge extends LightningElement {
  /** Picklist value of a status, verdict or severity. */
  @api value;
  /** What the value is of, for screen readers: "Verdict", "Status". */
  @api name = '';

  get look() {
    return lookOf(this.value);
  }

  get badgeClass() {
    return `slds-badge ${this.look.variant}`;
  }

  get iconVariant() {
    return ['slds-theme_error', 'slds-theme_success'].includes(this.look.variant) ? 'inverse' : '';
  }
}
