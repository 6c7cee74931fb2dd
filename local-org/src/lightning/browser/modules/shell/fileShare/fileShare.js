import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import { bootstrap } from 'local/bootstrap';
import { api as apiPath, getJson, sendJson } from 'local/http';
import { errorMessages } from 'local/errors';
import { showSuccess } from 'local/notices';

/** Shares a file with a record or a person, or makes a public link for it. */
export default class FileShare extends LightningModal {
  @api documentId;
  @api versionId;
  @api fileTitle;
  /** `share` or `publicLink`. */
  @api mode;
  targetObject = 'User';
  targetId = null;
  failure = null;
  publicUrl = null;
  isBusy = false;

  get isShare() {
    return this.mode === 'share';
  }

  get heading() {
    return this.isShare ? `Share "${this.fileTitle}"` : `Public link for "${this.fileTitle}"`;
  }

  get objects() {
    const items = bootstrap.items.filter(({ object }) => object);
    return [
      { label: 'Person', value: 'User' },
      ...items.map(({ label, object }) => ({ label, value: object })),
    ];
  }

  get canSave() {
    return (!this.isShare || Boolean(this.targetId)) && !this.publicUrl;
  }

  get cannotSave() {
    return !this.canSave;
  }

  get saveLabel() {
    return this.isShare ? 'Share' : 'Create Link';
  }

  handleObject(event) {
    this.targetObject = event.detail.value;
    this.targetId = null;
  }

  handleTarget(event) {
    this.targetId = event.detail.recordId;
  }

  /** The button stays enabled meanwhile: a disabled one would lose the focus, and with it Escape. */
  async handleSave() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.failure = null;
    try {
      if (this.isShare) await this.share();
      else await this.createLink();
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    } finally {
      this.isBusy = false;
    }
  }

  async share() {
    await sendJson('POST', apiPath('sobjects/ContentDocumentLink'), {
      ContentDocumentId: this.documentId,
      LinkedEntityId: this.targetId,
      ShareType: 'V',
      Visibility: 'AllUsers',
    });
    showSuccess(`"${this.fileTitle}" was shared.`);
    this.close('shared');
  }

  async createLink() {
    const { id } = await sendJson('POST', apiPath('sobjects/ContentDistribution'), {
      Name: this.fileTitle.slice(0, 100),
      ContentVersionId: this.versionId,
      PreferencesAllowViewInBrowser: true,
      PreferencesAllowOriginalDownload: true,
    });
    const link = await getJson(
      `${apiPath(`sobjects/ContentDistribution/${id}`)}?fields=DistributionPublicUrl`,
    );
    this.publicUrl = new URL(link.DistributionPublicUrl, window.location.origin).href;
    await Promise.resolve();
    this.template.querySelector('a')?.focus();
  }

  handleClose() {
    this.close();
  }
}
