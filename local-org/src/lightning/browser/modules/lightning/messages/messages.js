import { LightningElement, api } from 'lwc';
import { REGISTER_MESSAGES, register } from 'local/fieldRegistration';

/** `lightning-messages`: what the org refused in the form around it. */
export default class Messages extends LightningElement {
  /** Shown instead of the form's own messages. */
  @api error;
  list = [];
  registration = { show: (list) => (this.list = list) };

  connectedCallback() {
    register(this, REGISTER_MESSAGES, this.registration);
  }

  disconnectedCallback() {
    this.registration.onRemove?.();
  }

  get lines() {
    const list = this.error ? [this.error.message ?? String(this.error)] : this.list;
    return list.map((text, index) => ({ key: index, text }));
  }

  get hasLines() {
    return this.lines.length > 0;
  }
}
