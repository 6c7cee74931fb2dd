import { LightningElement, api } from 'lwc';
import { isVisible } from 'local/visibility';

/** Widths of the regions, in twelfths, by the part of the template's name that tells its layout. */
const LAYOUTS = [
  [
    /RightSidebar|right|ThreeColumn/i,
    { header: 12, main: 8, sidebar: 4, rightsidebar: 4, leftsidebar: 4 },
  ],
  [/LeftSidebar/i, { header: 12, main: 8, sidebar: 4, leftsidebar: 4 }],
  [
    /TwoColumns|TwoRegions|HeaderAndTwo/i,
    { header: 12, main: 8, region1: 6, region2: 6, sidebar: 4, left: 6, right: 6 },
  ],
  [/ThreeRegions/i, { header: 12, region1: 4, region2: 4, region3: 4, main: 6, sidebar: 3 }],
  [/homePage|home:desktop/i, { top: 12, bottomLeft: 8, bottomRight: 4, sidebar: 4 }],
  [/recordHome/i, { header: 12, subheader: 12, main: 8, sidebar: 4 }],
];

/** Renders a FlexiPage: its regions in the template's layout, each with its components. */
export default class FlexiPage extends LightningElement {
  @api page;
  @api recordId;
  @api objectApiName;
  /** Fields of the record for the visibility rules. */
  @api record;

  get hasSidebar() {
    return this.page.regions.some(({ name, items }) => /side/i.test(name) && items.length > 0);
  }

  width(name) {
    const layout = LAYOUTS.find(([pattern]) => pattern.test(this.page.template))?.[1];
    const width = layout?.[name] ?? layout?.[name.toLowerCase()] ?? 12;
    const isAlone = /main/i.test(name) && !this.hasSidebar;
    return isAlone ? 12 : width;
  }

  get regions() {
    return this.page.regions
      .filter(({ type }) => type === 'Region')
      .map(({ name, items }) => ({
        name,
        columnClass: `slds-col slds-size_12-of-12 slds-large-size_${this.width(name)}-of-12 slds-p-horizontal_xx-small`,
        items: items
          .filter(({ visibility }) => isVisible(visibility, this.record))
          .map((item, index) => ({ ...item, key: `${name}-${index}-${item.component}` })),
      }))
      .filter(({ items }) => items.length > 0);
  }

  get title() {
    return this.page.label;
  }

  get isRecordPage() {
    return this.page.type === 'RecordPage';
  }
}
