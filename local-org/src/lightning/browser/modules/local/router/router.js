/** Which page is open. The URL is the truth; a file preview lies over the page without changing it. */
import { fromUrl, toUrl } from 'local/location';

let current = fromUrl(window.location.href);
const listeners = new Set();
const overlays = new Set();

const announce = () => listeners.forEach((listener) => listener(current));

export const currentPage = () => current;

export function onPage(listener) {
  listeners.add(listener);
  listener(current);
  return () => listeners.delete(listener);
}

/** Called with the state of `filePreview` references and with `new` / `edit` record pages. */
export function onOverlay(listener) {
  overlays.add(listener);
  return () => overlays.delete(listener);
}

const isOverlay = ({ type, attributes = {} }) =>
  (type === 'standard__namedPage' && attributes.pageName === 'filePreview') ||
  (type === 'standard__objectPage' && attributes.actionName === 'new') ||
  (type === 'standard__recordPage' && ['edit', 'clone'].includes(attributes.actionName));

export function navigateTo(reference, replace = false) {
  if (isOverlay(reference)) {
    overlays.forEach((listener) => listener(reference));
    return;
  }
  const url = toUrl(reference);
  if (reference.type === 'standard__webPage' && !url.startsWith('/lightning/')) {
    window.open(url, '_blank', 'noopener');
    return;
  }
  window.history[replace ? 'replaceState' : 'pushState'](null, '', url);
  current = fromUrl(url);
  announce();
}

window.addEventListener('popstate', () => {
  current = fromUrl(window.location.href);
  announce();
});
