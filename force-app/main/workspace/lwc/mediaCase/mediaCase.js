import { LightningElement, api, wire } from 'lwc';
import getCase from '@salesforce/apex/MediaCaseController.getCase';
import { refreshApex } from '@salesforce/apex';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { format, formatScore } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

const HOUR = 3600000;

export default class MediaCase extends LightningElement {
  labels = labels;
  quarantineCase;
  error;
  wired;

  /** Id of the QuarantineCase__c the page shows. */
  @api recordId;

  @wire(getCase, { caseId: '$recordId' })
  handleCase(result) {
    this.wired = result;
    this.quarantineCase = result.data;
    this.error = result.error;
  }

  get isLoading() {
    return !this.quarantineCase;
  }

  get scoreText() {
    const score = formatScore(this.quarantineCase.score);
    return score === null ? labels.scoreNotMeasured : format(labels.scoreIs, score);
  }

  get hasNearDuplicates() {
    return (this.quarantineCase.nearDuplicates ?? []).length > 0;
  }

  get hoursLeft() {
    const { dueAt, status } = this.quarantineCase;
    return dueAt && status !== 'Closed' ? (new Date(dueAt).getTime() - Date.now()) / HOUR : null;
  }

  get dueText() {
    const hours = this.hoursLeft;
    if (hours === null) {
      return null;
    }
    return hours < 0
      ? format(labels.overdueByHours, Math.ceil(-hours))
      : format(labels.dueInHours, Math.ceil(hours));
  }

  get dueClass() {
    return this.hoursLeft < 0 ? 'slds-text-color_error' : 'slds-text-color_weak';
  }

  handleRefresh() {
    return refreshApex(this.wired);
  }

  async handleDecided() {
    this.dispatchEvent(
      new ShowToastEvent({
        variant: 'success',
        title: labels.decisionSaved,
        message: labels.decisionSavedHelp,
      }),
    );
    await this.handleRefresh();
    await notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
  }
}
