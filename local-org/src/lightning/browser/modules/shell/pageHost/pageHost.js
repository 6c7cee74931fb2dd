import { LightningElement, api } from 'lwc';
import { bootstrap } from 'local/bootstrap';
import { withoutPrefix } from 'local/location';

/** Chooses what fills the page below the navigation. */
export default class PageHost extends LightningElement {
  @api app;
  @api page;

  get kind() {
    const { type, attributes } = this.page;
    if (type === 'standard__recordPage') return { record: true };
    if (type === 'standard__objectPage') return { list: true };
    if (type === 'standard__component') return { component: true };
    if (type === 'standard__navItemPage') return this.tabKind;
    if (attributes.pageName === 'outbox') return { outbox: true };
    if (attributes.pageName === 'home') return this.home ? { flexi: true } : { home: true };
    return { missing: true };
  }

  get tabKind() {
    if (!this.tab) return { missing: true };
    if (!this.tab.isOpen) return { closed: true };
    return this.tab.page ? { flexi: true } : { component: true };
  }

  get closedTitle() {
    return `You don't have access to ${this.tab.label}`;
  }

  get tab() {
    const name = withoutPrefix(this.page.attributes.apiName);
    return bootstrap.tabs.find((tab) => tab.name === name);
  }

  get home() {
    return this.app?.homePage;
  }

  get flexiPage() {
    return bootstrap.pages[this.tab?.page ?? this.home];
  }

  get component() {
    const { type, attributes } = this.page;
    return `c:${withoutPrefix(type === 'standard__component' ? attributes.componentName : this.tab.component)}`;
  }

  get recordId() {
    return this.page.attributes.recordId;
  }

  get objectApiName() {
    return this.page.attributes.objectApiName;
  }

  get filterName() {
    return this.page.state?.filterName;
  }
}
