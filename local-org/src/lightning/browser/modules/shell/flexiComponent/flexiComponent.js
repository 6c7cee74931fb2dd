import { LightningElement, api } from 'lwc';
import { packageComponents } from 'local/packageComponents';
import { withoutPrefix } from 'local/location';
import DetailPanel from 'shell/detailPanel';
import Highlights from 'shell/highlights';
import ListView from 'shell/listView';
import PathAssistant from 'shell/pathAssistant';
import RelatedList from 'shell/relatedList';
import RelatedLists from 'shell/relatedLists';
import RichText from 'shell/richText';
import TabSet from 'shell/tabSet';

/** Standard components of Lightning pages and what stands for them, with its properties from the page's. */
const STANDARD = {
  'force:highlightsPanel': [Highlights],
  'force:detailPanel': [DetailPanel],
  'force:relatedListContainer': [RelatedLists],
  'force:relatedListSingleContainer': [
    RelatedList,
    ({ relatedListApiName }) => ({ relationship: relatedListApiName }),
  ],
  'lst:dynamicRelatedList': [
    RelatedList,
    ({ relatedListApiName, relatedListLabel }) => ({
      relationship: relatedListApiName,
      heading: relatedListLabel,
    }),
  ],
  'runtime_sales_pathassistant:pathAssistant': [PathAssistant],
  'flexipage:richText': [RichText, ({ richTextValue }) => ({ value: richTextValue })],
  'flexipage:filterListCard': [
    ListView,
    ({ entityName, filterName, pageSize }) => ({
      objectApiName: entityName,
      filterName,
      pageSize: Number(pageSize ?? 5),
    }),
  ],
};

/** One component of a Lightning page, standard or of the package. */
export default class FlexiComponent extends LightningElement {
  @api name;
  @api properties = {};
  @api page;
  @api recordId;
  @api objectApiName;
  @api record;
  constructorClass = null;
  failure = null;

  async connectedCallback() {
    try {
      this.constructorClass = await this.find();
    } catch (error) {
      this.fail(error);
    }
  }

  async find() {
    if (this.name === 'flexipage:tabset' || this.name === 'flexipage:tabset2') return TabSet;
    if (STANDARD[this.name]) return STANDARD[this.name][0];
    // The package's own components stand with or without its prefix.
    const load = packageComponents[withoutPrefix(this.name)];
    if (/^(?:(?:c|mediaguard):)?\w+$/.test(this.name) && load) return (await load()).default;
    throw new Error(`The component ${this.name} is not available in the local org.`);
  }

  get spread() {
    const context = { recordId: this.recordId, objectApiName: this.objectApiName };
    if (this.name.startsWith('flexipage:tabset'))
      return { ...context, page: this.page, record: this.record, tabs: this.properties.tabs };
    const translate = STANDARD[this.name]?.[1] ?? ((properties) => properties);
    const own = translate(this.properties ?? {});
    return this.recordId ? { ...context, ...own } : own;
  }

  errorCallback(error) {
    this.constructorClass = null;
    this.fail(error);
  }

  fail(error) {
    console.error(error);
    this.failure = error.message ?? String(error);
  }
}
