import { LightningElement } from 'lwc';
import { bootstrap } from 'local/bootstrap';
import { onOverlay, onPage, navigateTo } from 'local/router';
import { registerLinkProvider, LinkInfo } from 'lightning/routingService';
import { fromUrl } from 'local/location';
import RecordModal from 'shell/recordModal';
import FilePreview from 'shell/filePreview';

/** The whole page: header, navigation, the open page, and what lies over it. */
export default class App extends LightningElement {
  page;
  appName = bootstrap.apps[0]?.name;

  connectedCallback() {
    this.stopPages = onPage((page) => this.handlePage(page));
    this.stopOverlays = onOverlay((reference) => this.handleOverlay(reference));
  }

  renderedCallback() {
    if (this.hasLinks) return;
    this.hasLinks = true;
    registerLinkProvider(this.template.host, (event) => this.provideLink(event));
  }

  disconnectedCallback() {
    this.stopPages();
    this.stopOverlays();
  }

  /** Links inside base components (data tables, formatted URLs) open inside the shell. */
  provideLink(event) {
    event.stopPropagation();
    const { stateRef, callback } = event.detail;
    const { url, target } = stateRef.attributes;
    const dispatcher = (click) => {
      if (!url.startsWith('/lightning/') || (target && target !== '_self')) return;
      click.preventDefault();
      navigateTo(fromUrl(url));
    };
    callback(null, new LinkInfo(url, dispatcher));
  }

  handlePage(page) {
    if (page.type === 'standard__app') {
      this.appName = page.attributes.appTarget;
      const first = this.app?.items[0];
      if (first) navigateTo(fromUrl(first.url), true);
      return;
    }
    this.page = page;
    if (this.hasRendered) this.template.querySelector('main')?.focus();
    this.hasRendered = true;
  }

  async handleOverlay({ type, attributes, state }) {
    if (type === 'standard__namedPage') {
      await FilePreview.open({
        size: 'large',
        label: 'File preview',
        documentId: state.selectedRecordId ?? state.recordIds.split(',')[0],
      });
      return;
    }
    const recordId = attributes.actionName === 'edit' ? attributes.recordId : undefined;
    const saved = await RecordModal.open({
      size: 'medium',
      label: recordId ? 'Edit' : 'New',
      objectApiName: attributes.objectApiName,
      recordId,
    });
    if (saved && !recordId) {
      navigateTo({
        type: 'standard__recordPage',
        attributes: {
          recordId: saved,
          objectApiName: attributes.objectApiName,
          actionName: 'view',
        },
      });
    }
  }

  get app() {
    return bootstrap.apps.find(({ name }) => name === this.appName) ?? bootstrap.apps[0];
  }
}
