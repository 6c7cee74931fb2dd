import { LightningElement, api } from 'lwc';
import { bootstrap } from 'local/bootstrap';
import { fromUrl, toUrl } from 'local/location';
import { navigateTo } from 'local/router';

/** The app's bar: app launcher, name of the app, and its tabs. */
export default class NavBar extends LightningElement {
  @api app;
  @api page;
  isLauncherOpen = false;

  get items() {
    return (this.app?.items ?? []).map((item) => {
      const isActive = this.isActive(item);
      return {
        ...item,
        current: isActive ? 'page' : undefined,
        itemClass: `slds-context-bar__item${isActive ? ' slds-is-active' : ''}`,
      };
    });
  }

  isActive(item) {
    if (!this.page) return false;
    const here = toUrl({ ...this.page, state: undefined });
    if (here === item.url) return true;
    return Boolean(item.object) && this.page.attributes.objectApiName === item.object;
  }

  get apps() {
    return bootstrap.apps;
  }

  get allItems() {
    return bootstrap.items;
  }

  get launcherClass() {
    return `launcher slds-dropdown slds-dropdown_left${this.isLauncherOpen ? '' : ' slds-hide'}`;
  }

  get expanded() {
    return String(this.isLauncherOpen);
  }

  handleLauncher() {
    this.isLauncherOpen = !this.isLauncherOpen;
  }

  handleKey(event) {
    if (event.key === 'Escape') this.isLauncherOpen = false;
  }

  handleLink(event) {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.isLauncherOpen = false;
    navigateTo(fromUrl(event.currentTarget.getAttribute('href')));
  }
}
