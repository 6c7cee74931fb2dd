import { LightningElement, wire } from 'lwc';
import getActive from '@salesforce/apex/MediaPolicyController.getActive';
import { formatScore } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

export default class MediaPolicyCard extends LightningElement {
  labels = labels;
  policy;
  error;
  isMissing = false;

  @wire(getActive)
  handlePolicy({ data, error }) {
    this.error = error;
    this.isMissing = data === null;
    this.policy = data && {
      ...data,
      thresholds: data.thresholds.map((row) => ({
        mediaType: row.mediaType,
        suspectFrom: formatScore(row.suspectFrom),
        syntheticFrom: formatScore(row.syntheticFrom),
      })),
    };
  }
}
