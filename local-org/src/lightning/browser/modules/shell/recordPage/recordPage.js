import { LightningElement, api } from 'lwc';
import { bootstrap } from 'local/bootstrap';
import { getJson } from 'local/http';
import { errorMessages } from 'local/errors';
import { onRecordChange } from 'local/recordChanges';

/** The page that shows records without a Lightning page of their own, in the platform's usual arrangement. */
const DEFAULT_PAGE = {
  label: 'Record',
  type: 'RecordPage',
  template: 'flexipage:recordHomeTemplateDesktop',
  regions: [
    {
      name: 'header',
      type: 'Region',
      items: [
        { component: 'force:highlightsPanel', properties: {} },
        { component: 'runtime_sales_pathassistant:pathAssistant', properties: {} },
      ],
    },
    { name: 'main', type: 'Region', items: [{ component: 'force:detailPanel', properties: {} }] },
    {
      name: 'sidebar',
      type: 'Region',
      items: [{ component: 'force:relatedListContainer', properties: {} }],
    },
  ],
};

/** A record's page: finds the record's object and the Lightning page the app or the object names for it. */
export default class RecordPage extends LightningElement {
  @api app;
  _recordId;
  object = null;
  record = null;
  failure = null;

  @api get recordId() {
    return this._recordId;
  }
  set recordId(value) {
    this._recordId = value;
    this.object = null;
    void this.load();
  }

  /** Of the URL; the id decides, because links may not know the object. */
  @api objectApiName;

  connectedCallback() {
    this.stop = onRecordChange((isChanged) => {
      if (isChanged(this.recordId)) void this.load();
    });
  }

  disconnectedCallback() {
    this.stop();
  }

  async load() {
    const { recordId } = this;
    try {
      const { apiName, fields } = await getJson(`/local/ui/record/${recordId}`);
      if (recordId !== this.recordId) return;
      this.record = fields;
      this.object = apiName;
      this.failure = null;
      document.title = `${fields.Name ?? fields.CaseNumber ?? apiName} | ${bootstrap.orgName}`;
    } catch (error) {
      this.failure = errorMessages(error).join(' ');
    }
  }

  get page() {
    return bootstrap.pages[this.app?.recordPages[this.object]] ?? DEFAULT_PAGE;
  }

  /** Key of the page, so that another record's page is built anew. */
  get pages() {
    return this.object ? [{ key: this.recordId, page: this.page }] : [];
  }
}
