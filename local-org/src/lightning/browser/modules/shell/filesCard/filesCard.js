import { LightningElement, api } from 'lwc';
import { RefreshEvent } from 'lightning/refresh';
import { literal, query } from 'local/http';
import { errorMessages } from 'local/errors';
import { onRecordChange } from 'local/recordChanges';
import { navigateTo } from 'local/router';
import { downloadFile, fileIcon, fileSize } from 'local/files';
import FileShare from 'shell/fileShare';

const ACTIONS = [
  { label: 'Download', name: 'download' },
  { label: 'Share', name: 'share' },
  { label: 'Public Link', name: 'publicLink' },
];

/** The files of a record: upload, preview, download, share, public link. */
export default class FilesCard extends LightningElement {
  @api recordId;
  links = null;
  failure = null;
  actions = ACTIONS;

  connectedCallback() {
    void this.load();
    this.stop = onRecordChange(() => void this.load());
  }

  disconnectedCallback() {
    this.stop();
  }

  async load() {
    try {
      this.links = await query(
        'SELECT Id, ContentDocumentId, ContentDocument.Title, ContentDocument.FileExtension, ' +
          'ContentDocument.ContentSize, ContentDocument.LatestPublishedVersionId, ContentDocument.CreatedDate ' +
          `FROM ContentDocumentLink WHERE LinkedEntityId = ${literal(this.recordId)}`,
      );
      this.failure = null;
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }

  get title() {
    return `Files (${this.links?.length ?? 0})`;
  }

  get files() {
    return (this.links ?? [])
      .filter(({ ContentDocument }) => ContentDocument)
      .map(({ ContentDocumentId, ContentDocument: document }) => ({
        id: ContentDocumentId,
        versionId: document.LatestPublishedVersionId,
        title: document.Title,
        icon: fileIcon(document.FileExtension),
        created: document.CreatedDate,
        detail: [fileSize(document.ContentSize), document.FileExtension]
          .filter(Boolean)
          .join(' • '),
        menuLabel: `Actions for ${document.Title}`,
      }));
  }

  get isEmpty() {
    return this.links?.length === 0;
  }

  file(id) {
    return this.files.find((file) => file.id === id);
  }

  /** The Files list refreshes the view after an upload, so that other components of the page see the new files. */
  handleUploaded() {
    this.dispatchEvent(new RefreshEvent());
  }

  handlePreview(event) {
    event.preventDefault();
    const { id } = event.currentTarget.dataset;
    navigateTo({
      type: 'standard__namedPage',
      attributes: { pageName: 'filePreview' },
      state: { recordIds: id, selectedRecordId: id },
    });
  }

  async handleAction(event) {
    const file = this.file(event.currentTarget.dataset.id);
    const action = event.detail.value;
    if (action === 'download') {
      await downloadFile(file.versionId);
      return;
    }
    await FileShare.open({
      size: 'small',
      label: action === 'share' ? 'Share file' : 'Public link',
      mode: action,
      documentId: file.id,
      versionId: file.versionId,
      fileTitle: file.title,
    });
    await this.load();
  }
}
