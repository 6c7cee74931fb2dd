import { LightningElement, api, wire } from 'lwc';
import getMedia from '@salesforce/apex/MediaProvenanceController.getMedia';
import { refreshApex } from '@salesforce/apex';
import { RefreshEvent, registerRefreshHandler, unregisterRefreshHandler } from 'lightning/refresh';
import { labels } from 'c/mediaLabels';

/** What a status means for the person who looks at the record. */
const EXPLANATIONS = {
  Held: labels.explainHeld,
  Verifying: labels.explainHeld,
  Failed: labels.explainFailed,
  Cleared: labels.explainCleared,
  Released: labels.explainReleased,
  Quarantined: labels.explainQuarantined,
  ConfirmedFake: labels.explainConfirmedFake,
  TakenDown: labels.explainConfirmedFake,
};

export default class MediaProvenancePanel extends LightningElement {
  labels = labels;
  media = [];
  error;
  wired;
  isLoading = true;
  refreshHandler;

  /** Record whose files are shown. */
  @api recordId;

  @wire(getMedia, { recordId: '$recordId' })
  handleMedia(result) {
    this.wired = result;
    this.error = result.error;
    this.isLoading = !result.data && !result.error;
    this.media = (result.data ?? []).map((item) => ({
      ...item,
      explanation: EXPLANATIONS[item.status],
    }));
  }

  connectedCallback() {
    this.refreshHandler = registerRefreshHandler(this, () => refreshApex(this.wired));
  }

  disconnectedCallback() {
    unregisterRefreshHandler(this.refreshHandler);
  }

  get isEmpty() {
    return this.media.length === 0;
  }

  /** Whatever is not free to move is open from the start. */
  get openSections() {
    return this.media
      .filter(({ status }) => !['Cleared', 'Released'].includes(status))
      .map(({ id }) => id);
  }

  handleRefresh() {
    this.dispatchEvent(new RefreshEvent());
  }
}
