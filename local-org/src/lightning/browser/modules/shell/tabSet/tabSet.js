import { LightningElement, api } from 'lwc';
import { isVisible } from 'local/visibility';

/** A tab set of a Lightning page; its tabs and their contents are facets of the page. */
export default class TabSet extends LightningElement {
  @api page;
  @api tabs;
  @api recordId;
  @api objectApiName;
  @api record;

  facet(name) {
    return this.page.regions.find((region) => region.name === name)?.items ?? [];
  }

  get entries() {
    return this.facet(this.tabs)
      .filter(({ visibility }) => isVisible(visibility, this.record))
      .map(({ properties }, index) => ({
        key: String(index),
        title: TITLES[properties.title] ?? properties.title,
        items: this.facet(properties.body)
          .filter(({ visibility }) => isVisible(visibility, this.record))
          .map((item, at) => ({ ...item, key: `${index}-${at}` })),
      }));
  }
}

/** Standard labels that Lightning App Builder stores by key. */
const TITLES = {
  'Standard.Tab.detail': 'Details',
  'Standard.Tab.relatedLists': 'Related',
  'Standard.Tab.activity': 'Activity',
  'Standard.Tab.collaborate': 'Chatter',
};
