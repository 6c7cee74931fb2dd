/** `lightning/platformShowToastEvent`: shown by the toast container of the base components. */
import Toast from 'lightning/toast';

export const ShowToastEventName = 'lightning__showtoast';

export class ShowToastEvent extends CustomEvent {
  constructor({ title, message, messageData, variant = 'info', mode = 'dismissible' } = {}) {
    super(ShowToastEventName, {
      bubbles: true,
      composed: true,
      cancelable: true,
      detail: { toast: Toast },
    });
    this.toastAttributes = { title, message, messageData, mode, type: variant };
  }
}
