/**
 * Sentences for a person out of the error shapes of Salesforce: Apex and wire errors, UI API errors with page and
 * field errors, lists of errors and plain JavaScript errors.
 *
 * @param {unknown} errors one error or a list
 * @returns {string[]} distinct messages, never empty strings
 */
export function reduceErrors(errors) {
  const list = Array.isArray(errors) ? errors : [errors];
  const messages = list.flatMap((error) => messagesOf(error));
  return [
    ...new Set(messages.filter((message) => typeof message === 'string' && message.trim() !== '')),
  ];
}

function messagesOf(error) {
  if (!error) {
    return [];
  }
  if (typeof error === 'string') {
    return [error];
  }
  if (Array.isArray(error.body)) {
    return error.body.map(({ message }) => message);
  }
  if (error.body?.output) {
    return outputMessages(error.body.output);
  }
  if (error.body?.pageErrors) {
    return outputMessages({
      errors: error.body.pageErrors,
      fieldErrors: error.body.fieldErrors,
    });
  }
  return [error.body?.message ?? error.message ?? error.statusText];
}

function outputMessages({ errors = [], fieldErrors = {} }) {
  return [...errors, ...Object.values(fieldErrors ?? {}).flat()].map(({ message }) => message);
}
