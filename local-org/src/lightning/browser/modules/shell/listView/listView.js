import { LightningElement, api } from 'lwc';
import { bootstrap } from 'local/bootstrap';
import { getJson } from 'local/http';
import { errorMessages } from 'local/errors';
import { onRecordChange } from 'local/recordChanges';
import { navigateTo } from 'local/router';
import { toColumns, toRows } from 'local/rows';

/** An object's list views: as the object's home page, or as a card with the first rows. */
export default class ListView extends LightningElement {
  @api isPage = false;
  @api pageSize;
  _object;
  _filterName;
  list = null;
  failure = null;

  @api get objectApiName() {
    return this._object;
  }
  set objectApiName(value) {
    this._object = value;
    this.list = null;
    this.schedule();
  }

  @api get filterName() {
    return this._filterName;
  }
  set filterName(value) {
    this._filterName = value;
    this.schedule();
  }

  connectedCallback() {
    this.stop = onRecordChange(() => this.schedule());
  }

  disconnectedCallback() {
    this.stop();
  }

  /** Both properties may change at once; the list is loaded once. */
  schedule() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    void Promise.resolve().then(() => {
      this.isScheduled = false;
      return this.load();
    });
  }

  async load() {
    const parameters = new URLSearchParams();
    if (this.filterName) parameters.set('view', this.filterName);
    if (this.pageSize) parameters.set('limit', this.pageSize);
    try {
      this.list = await getJson(`/local/ui/list/${this.objectApiName}?${parameters}`);
      this.failure = null;
      if (this.isPage) document.title = `${this.list.labelPlural} | ${bootstrap.orgName}`;
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }

  get columns() {
    return toColumns(this.list.columns);
  }

  get rows() {
    return toRows(this.list.rows);
  }

  get views() {
    return this.list.views.map(({ name, label }) => ({ value: name, label }));
  }

  get hasViews() {
    return this.list.views.length > 1;
  }

  get isEmpty() {
    return this.list.rows.length === 0;
  }

  get countText() {
    const { length } = this.list.rows;
    return `${length}${this.list.hasMore ? '+' : ''} ${length === 1 ? 'item' : 'items'}`;
  }

  handleView(event) {
    navigateTo(
      {
        type: 'standard__objectPage',
        attributes: { objectApiName: this.objectApiName, actionName: 'list' },
        state: { filterName: event.detail.value },
      },
      true,
    );
  }

  handleNew() {
    navigateTo({
      type: 'standard__objectPage',
      attributes: { objectApiName: this.objectApiName, actionName: 'new' },
    });
  }
}
