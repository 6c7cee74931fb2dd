/** `lightning/platformResourceLoader`: a script or style sheet of a static resource, each loaded once a page. */
const loaded = new Map();

function load(url, create) {
  if (!loaded.has(url)) {
    const promise = new Promise((resolve, reject) => {
      const element = create();
      element.addEventListener('load', () => resolve());
      element.addEventListener('error', () => reject(new Error(`Could not load ${url}.`)));
      document.head.append(element);
    });
    loaded.set(url, promise);
    promise.catch(() => loaded.delete(url));
  }
  return loaded.get(url);
}

export const loadScript = (component, url) =>
  load(url, () => Object.assign(document.createElement('script'), { src: url }));

export const loadStyle = (component, url) =>
  load(url, () => Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url }));
