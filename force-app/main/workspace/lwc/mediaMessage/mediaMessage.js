import { LightningElement, api } from 'lwc';
import { reduceErrors } from 'c/mediaErrors';
import { labels } from 'c/mediaLabels';

const KINDS = {
  empty: { icon: 'utility:info', text: labels.information },
  info: { icon: 'utility:info', text: labels.information },
  success: { icon: 'utility:success', text: labels.success },
  warning: { icon: 'utility:warning', text: labels.warning },
  error: { icon: 'utility:error', text: labels.error },
};

export default class MediaMessage extends LightningElement {
  /** empty, info, success, warning or error. */
  @api kind = 'info';
  /** What happened, in one sentence. */
  @api title = '';
  /** Errors in any Salesforce shape, or sentences. */
  @api errors;

  get details() {
    return reduceErrors(this.errors ?? []);
  }

  get hasDetails() {
    return this.details.length > 0;
  }

  get icon() {
    return (KINDS[this.kind] ?? KINDS.info).icon;
  }

  get iconText() {
    return (KINDS[this.kind] ?? KINDS.info).text;
  }

  get role() {
    return this.kind === 'error' ? 'alert' : 'status';
  }

  get boxClass() {
    const theme = {
      error: 'slds-box_error',
      warning: 'slds-theme_warning',
      success: 'slds-theme_success',
    };
    return `slds-box slds-box_x-small slds-m-around_small slds-theme_shade ${theme[this.kind] ?? ''}`;
  }
}
