import { LightningElement, wire } from 'lwc';
import getLatest from '@salesforce/apex/MediaAuditController.getLatest';
import verify from '@salesforce/apex/MediaAuditController.verify';
import { format } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

/** Entries one server call recomputes; small enough for the CPU limit. */
const RANGE = 2000;

export default class MediaAuditChain extends LightningElement {
  labels = labels;
  latest;
  error;
  broken;
  isVerifying = false;
  isIntact = false;
  checkedCount = 0;
  headSequence = 0;

  @wire(getLatest)
  handleLatest({ data, error }) {
    this.latest = data;
    this.error = error;
    this.headSequence = data?.[0]?.sequence ?? 0;
  }

  get progress() {
    return this.headSequence > 0
      ? Math.min(100, Math.round((100 * this.checkedCount) / this.headSequence))
      : 0;
  }

  get progressText() {
    return format(labels.checkedSoFar, this.checkedCount, this.headSequence);
  }

  get intactText() {
    return format(labels.chainIntact, this.checkedCount);
  }

  get brokenText() {
    return format(labels.chainBroken, this.broken.firstBrokenSequence);
  }

  async handleVerify() {
    this.isVerifying = true;
    this.isIntact = false;
    this.broken = undefined;
    this.error = undefined;
    this.checkedCount = 0;
    try {
      await this.verifyRest();
    } catch (error) {
      this.error = error;
    } finally {
      this.isVerifying = false;
    }
  }

  /** Range after range, since one transaction can't recompute a long chain. */
  async verifyRest() {
    const result = await verify({ fromSequence: this.checkedCount + 1, maximum: RANGE });
    this.checkedCount += result.checked;
    if (!result.isIntact) {
      this.broken = result;
    } else if (result.checked === RANGE) {
      await this.verifyRest();
    } else {
      this.isIntact = true;
    }
  }
}
