import { LightningElement, wire } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getSteps from '@salesforce/apex/MediaSetupController.getSteps';
import pinKeys from '@salesforce/apex/MediaSetupController.pinKeys';
import { format } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

/** The one step that this page can do itself. */
const KEY_STEP = 'detectorKey';

export default class MediaSetup extends LightningElement {
  labels = labels;
  steps;
  error;
  pinned;
  wired;
  isPinning = false;

  @wire(getSteps)
  handleSteps(result) {
    this.wired = result;
    this.error = result.error;
    this.steps = result.data?.map((step) => ({
      ...step,
      icon: step.isDone ? 'utility:success' : 'utility:warning',
      stateText: step.isDone ? labels.stepDone : labels.stepOpen,
      canPin: step.code === KEY_STEP && !step.isDone,
    }));
  }

  get isLoading() {
    return !this.steps && !this.error;
  }

  get isComplete() {
    return Boolean(this.steps?.every((step) => step.isDone));
  }

  get pinnedText() {
    return format(labels.keysPinned, this.pinned.join(', '));
  }

  async handlePin() {
    this.isPinning = true;
    this.error = undefined;
    try {
      this.pinned = await pinKeys();
      await refreshApex(this.wired);
    } catch (error) {
      this.error = error;
    } finally {
      this.isPinning = false;
    }
  }
}
