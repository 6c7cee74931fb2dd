/** `lightning/refresh`: asks the page, or one part of it, to show fresh data. */
import { recordsChanged } from 'local/recordChanges';

const EVENT = 'lightning__refreshview';
const handlers = new Map();
let nextId = 1;

export const REFRESH_COMPLETE = 'REFRESH_COMPLETE';
export const REFRESH_COMPLETE_WITH_ERRORS = 'REFRESH_COMPLETE_WITH_ERRORS';
export const REFRESH_ERROR = 'REFRESH_ERROR';

export class RefreshEvent extends CustomEvent {
  constructor() {
    super(EVENT, { bubbles: true, composed: true, cancelable: true });
  }
}

export function registerRefreshHandler(contextElement, method) {
  const id = nextId;
  nextId += 1;
  handlers.set(id, () => method.call(contextElement));
  return id;
}

export const registerRefreshContainer = registerRefreshHandler;

export function unregisterRefreshHandler(id) {
  handlers.delete(id);
}

export const unregisterRefreshContainer = unregisterRefreshHandler;

document.addEventListener(EVENT, (event) => {
  event.stopPropagation();
  recordsChanged();
  for (const handler of [...handlers.values()]) handler();
});
