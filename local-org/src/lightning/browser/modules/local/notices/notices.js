/** Toasts of the shell itself. */
import Toast from 'lightning/toast';
import { errorMessages } from 'local/errors';

export const showSuccess = (label) =>
  Toast.show({ label, variant: 'success', mode: 'dismissible' });

/** Errors stay until they are read: they carry the org's own words. */
export const showError = (label, error) =>
  Toast.show({ label, message: errorMessages(error).join(' '), variant: 'error', mode: 'sticky' });
