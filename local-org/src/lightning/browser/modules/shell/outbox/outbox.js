import { LightningElement } from 'lwc';
import { getJson } from 'local/http';
import { errorMessages } from 'local/errors';

/** The e-mails the org sent. They never leave the machine. */
export default class Outbox extends LightningElement {
  mails = null;
  failure = null;

  async connectedCallback() {
    try {
      this.mails = await getJson('/local/outbox');
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }

  get isEmpty() {
    return this.mails?.length === 0;
  }

  get items() {
    return (this.mails ?? []).map((mail) => ({ ...mail, recipients: mail.to.join(', ') }));
  }
}
