import { LightningElement, api } from 'lwc';
import { labels } from 'c/mediaLabels';

export default class MediaHistory extends LightningElement {
  labels = labels;

  /** Audit entries in order: `{sequence, occurredAt, title, actorName, summary}`. */
  @api entries = [];

  get hasEntries() {
    return (this.entries ?? []).length > 0;
  }
}
