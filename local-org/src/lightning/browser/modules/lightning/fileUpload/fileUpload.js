import { LightningElement, api } from 'lwc';
import { api as apiPath, getJson, sendForm } from 'local/http';
import { errorMessages } from 'local/errors';
import { recordsChanged } from 'local/recordChanges';

/** `lightning-file-upload`: uploads files as new ContentVersions of the signed-in user. */
export default class FileUpload extends LightningElement {
  @api label = 'Upload Files';
  @api name;
  @api recordId;
  @api multiple = false;
  @api accept;
  @api disabled = false;
  @api fileFieldName;
  @api fileFieldValue;
  progress = [];

  get acceptText() {
    return [this.accept ?? []].flat().join(',');
  }

  get isBusy() {
    return this.progress.some(({ isDone }) => !isDone);
  }

  get isDisabled() {
    return this.disabled || this.isBusy;
  }

  async handleChange(event) {
    const files = [...event.detail.files];
    this.progress = files.map(({ name }, key) => ({ key, name, isDone: false, error: null }));
    const uploaded = [];
    for (const [index, file] of files.entries()) {
      try {
        uploaded.push(await this.upload(file));
        this.mark(index, null);
      } catch (error) {
        this.mark(index, errorMessages(error).join(' '));
      }
    }
    if (uploaded.length === 0) return;
    recordsChanged(this.recordId ? [this.recordId] : undefined);
    this.dispatchEvent(new CustomEvent('uploadfinished', { detail: { files: uploaded } }));
  }

  async upload(file) {
    const fields = { Title: file.name.replace(/\.[^.]*$/, ''), PathOnClient: file.name };
    if (this.recordId) fields.FirstPublishLocationId = this.recordId;
    if (this.fileFieldName) fields[this.fileFieldName] = this.fileFieldValue;
    const form = new FormData();
    form.append('entity_content', new Blob([JSON.stringify(fields)], { type: 'application/json' }));
    form.append('VersionData', file, file.name);
    const { id } = await sendForm(apiPath('sobjects/ContentVersion'), form);
    const version = await getJson(
      `${apiPath(`sobjects/ContentVersion/${id}`)}?fields=ContentDocumentId`,
    );
    return {
      name: file.name,
      documentId: version.ContentDocumentId,
      contentVersionId: id,
      contentBodyId: null,
      mimeType: file.type,
    };
  }

  mark(index, error) {
    this.progress = this.progress.map((entry, at) =>
      at === index ? { ...entry, isDone: true, error } : entry,
    );
  }
}
