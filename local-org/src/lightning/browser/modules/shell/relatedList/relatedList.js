import { LightningElement, api } from 'lwc';
import { getJson } from 'local/http';
import { errorMessages } from 'local/errors';
import { onRecordChange } from 'local/recordChanges';
import { toColumns, toRows } from 'local/rows';

const FILES = new Set(['AttachedContentDocuments', 'CombinedAttachments', 'ContentDocumentLinks']);

/** One related list of a record. */
export default class RelatedList extends LightningElement {
  @api recordId;
  @api objectApiName;
  /** Name of the child relationship, as in a sub-query. */
  @api relationship;
  @api heading;
  list = null;
  failure = null;

  connectedCallback() {
    if (this.isFiles) return;
    void this.load();
    this.stop = onRecordChange(() => void this.load());
  }

  disconnectedCallback() {
    this.stop?.();
  }

  async load() {
    try {
      this.list = await getJson(`/local/ui/related/${this.recordId}/${this.relationship}`);
      this.failure = null;
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }

  get isFiles() {
    return FILES.has(this.relationship);
  }

  get title() {
    const count = `${this.list.rows.length}${this.list.hasMore ? '+' : ''}`;
    return `${this.heading ?? this.list.labelPlural} (${count})`;
  }

  get columns() {
    return toColumns(this.list.columns);
  }

  get rows() {
    return toRows(this.list.rows);
  }

  get hasRows() {
    return this.list.rows.length > 0;
  }
}
