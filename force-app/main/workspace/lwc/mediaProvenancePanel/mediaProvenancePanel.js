import { LightningElement, api, wire } from 'lwc';
import getMedia from '@salesforce/apex/MediaProvenanceController.getMedia';
import { refreshApex } from '@salesforce/apex';
import { RefreshEvent, registerRefreshHandler, unregisterRefreshHandler } from 'lightning/refresh';
import { labels } from 'c/mediaLabels';
import { onVerdict } from 'c/mediaVerdictEvents';

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

const FREE_TO_MOVE = ['Cleared', 'Released'];

export default class MediaProvenancePanel extends LightningElement {
  labels = labels;
  media = [];
  error;
  wired;
  isLoading = true;
  refreshHandler;
  stopListening;

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

  async connectedCallback() {
    this.refreshHandler = registerRefreshHandler(this, () => refreshApex(this.wired));
    this.stopListening = await onVerdict(() => refreshApex(this.wired));
  }

  disconnectedCallback() {
    this.stopListening?.();
    unregisterRefreshHandler(this.refreshHandler);
  }

  get isEmpty() {
    return this.media.length === 0;
  }

  /** The first file that is not free to move is open from the start. */
  get openSection() {
    return this.media.find(({ status }) => !FREE_TO_MOVE.includes(status))?.id;
  }

  handleRefresh() {
    this.dispatchEvent(new RefreshEvent());
  }
}
