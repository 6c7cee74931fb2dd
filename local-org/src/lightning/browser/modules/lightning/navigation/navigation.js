/** `lightning/navigation`: moves between the pages of the shell. */
import { toUrl } from 'local/location';
import { currentPage, navigateTo, onPage } from 'local/router';

const Navigate = Symbol('Navigate');
const GenerateUrl = Symbol('GenerateUrl');

export const NavigationMixin = (Base) =>
  class extends Base {
    [Navigate](reference, replace) {
      navigateTo(reference, replace);
    }

    [GenerateUrl](reference) {
      return Promise.resolve(toUrl(reference));
    }
  };

NavigationMixin.Navigate = Navigate;
NavigationMixin.GenerateUrl = GenerateUrl;

export const CurrentPageReference = Object.assign(() => currentPage(), {
  adapter: class {
    constructor(dataCallback) {
      this.dataCallback = dataCallback;
    }

    connect() {
      this.stop = onPage((page) => this.dataCallback(page));
    }

    update() {}

    disconnect() {
      this.stop();
    }
  },
});

export const NavigationContext = Object.assign(() => undefined, {
  adapter: class {
    constructor(dataCallback) {
      dataCallback({});
    }
    connect() {}
    update() {}
    disconnect() {}
  },
});

export const navigate = (context, reference, options) => navigateTo(reference, options?.replace);

export const generateUrl = (context, reference) => toUrl(reference);
