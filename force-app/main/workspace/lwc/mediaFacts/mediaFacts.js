import { LightningElement, api } from 'lwc';
import { labels } from 'c/mediaLabels';

export default class MediaFacts extends LightningElement {
  /** `{label, value, isTime?}`; a fact that is not known says so, it is not left out. */
  @api facts = [];

  /** Leaves out facts that are not known, where room is short. */
  @api hideUnknown = false;

  get known() {
    const shown = this.hideUnknown ? this.facts.filter((fact) => fact.value) : this.facts;
    return shown.map((fact) => ({
      ...fact,
      isTime: Boolean(fact.isTime && fact.value),
      value: fact.value ?? labels.unknown,
      labelKey: `${fact.label}-label`,
      valueKey: `${fact.label}-value`,
    }));
  }
}
