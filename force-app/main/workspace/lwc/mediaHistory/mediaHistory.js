import { LightningElement, api } from 'lwc';
import { wordsOfAction } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

export default class MediaHistory extends LightningElement {
  labels = labels;

  /** Audit entries in order: `{sequence, occurredAt, title, actorName, summary}`. */
  @api entries = [];

  get rows() {
    return this.entries.map((entry) => ({ ...entry, words: wordsOfAction(entry.title) }));
  }

  get hasEntries() {
    return (this.entries ?? []).length > 0;
  }
}
