/** Page references and their URLs, in the forms Lightning Experience uses. */

const state = (reference) => {
  const entries = Object.entries(reference.state ?? {}).filter(([, value]) => value !== undefined);
  return entries.length ? `?${new URLSearchParams(entries)}` : '';
};

/** The component prefix of this package; references may carry it, URLs do not. */
export const withoutPrefix = (name = '') => name.replace(/^(c|mediaguard)(__|:)/, '');

export function toUrl(reference) {
  const { type, attributes = {} } = reference;
  switch (type) {
    case 'standard__recordPage':
      return `/lightning/r/${attributes.objectApiName ?? 'record'}/${attributes.recordId}/${attributes.actionName ?? 'view'}${state(reference)}`;
    case 'standard__recordRelationshipPage':
      return `/lightning/r/${attributes.objectApiName}/${attributes.recordId}/view`;
    case 'standard__objectPage':
      return `/lightning/o/${attributes.objectApiName}/${attributes.actionName ?? 'list'}${state(reference)}`;
    case 'standard__navItemPage':
      return `/lightning/n/${withoutPrefix(attributes.apiName)}${state(reference)}`;
    case 'standard__component':
      return `/lightning/cmp/${withoutPrefix(attributes.componentName)}${state(reference)}`;
    case 'standard__app':
      return `/lightning/app/${withoutPrefix(attributes.appTarget)}`;
    case 'standard__namedPage':
      return `/lightning/page/${attributes.pageName}${state(reference)}`;
    case 'standard__webPage':
      return attributes.url;
    default:
      throw new Error(`Cannot navigate to a page reference of type ${type}.`);
  }
}

const READERS = {
  r: ([objectApiName, recordId, actionName = 'view']) => ({
    type: 'standard__recordPage',
    attributes: { objectApiName, recordId, actionName },
  }),
  o: ([objectApiName, actionName = 'list']) => ({
    type: 'standard__objectPage',
    attributes: { objectApiName, actionName },
  }),
  n: ([apiName]) => ({ type: 'standard__navItemPage', attributes: { apiName } }),
  cmp: ([componentName]) => ({ type: 'standard__component', attributes: { componentName } }),
  app: ([appTarget]) => ({ type: 'standard__app', attributes: { appTarget } }),
  page: ([pageName]) => ({ type: 'standard__namedPage', attributes: { pageName } }),
};

/** The page reference of a path below `/lightning/`; the home page for anything else. */
export function fromUrl(url) {
  const { pathname, searchParams } = new URL(url, window.location.origin);
  const [, , kind, ...rest] = pathname.split('/').map(decodeURIComponent);
  const read = READERS[kind];
  const reference = read
    ? read(rest)
    : { type: 'standard__namedPage', attributes: { pageName: 'home' } };
  return { ...reference, state: Object.fromEntries(searchParams) };
}
