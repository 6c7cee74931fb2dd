import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import { literal, query } from 'local/http';
import { errorMessages } from 'local/errors';
import { downloadFile, downloadUrl, fileKind } from 'local/files';

/** Shows a file over the page. Images come from the preview service; sound, film and PDF need the download right. */
export default class FilePreview extends LightningModal {
  @api documentId;
  document = null;
  failure = null;
  content = null;

  async connectedCallback() {
    try {
      [this.document] = await query(
        'SELECT Id, Title, FileExtension, LatestPublishedVersionId FROM ContentDocument ' +
          `WHERE Id = ${literal(this.documentId)}`,
      );
      if (!this.document) this.failure = 'This file does not exist or is not shared with you.';
      else await this.loadContent();
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }

  disconnectedCallback() {
    if (this.content) URL.revokeObjectURL(this.content);
  }

  async loadContent() {
    const kind = fileKind(this.document.FileExtension);
    if (!['image', 'audio', 'video', 'pdf'].includes(kind)) {
      this.failure = 'There is no preview for this type of file.';
      return;
    }
    const response = await fetch(
      kind === 'image' ? this.renditionUrl : downloadUrl(this.versionId),
      {
        headers: { Accept: 'application/json' },
      },
    );
    if (!response.ok) {
      const body = await response
        .json()
        .catch(() => ({ message: 'There is no preview for this file.' }));
      this.failure = errorMessages({ body }).join(' ');
      return;
    }
    this.content = URL.createObjectURL(await response.blob());
  }

  get versionId() {
    return this.document.LatestPublishedVersionId;
  }

  get renditionUrl() {
    return `/sfc/servlet.shepherd/version/renditionDownload?rendition=THUMB720BY480&versionId=${this.versionId}`;
  }

  get kind() {
    return this.content ? { [fileKind(this.document.FileExtension)]: true } : {};
  }

  get title() {
    return this.document?.Title ?? 'File';
  }

  handleDownload() {
    void downloadFile(this.versionId);
  }

  handleClose() {
    this.close();
  }
}
