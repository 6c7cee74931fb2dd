import { LightningElement, api } from 'lwc';
import { labels } from 'c/mediaLabels';

export default class MediaFacts extends LightningElement {
  /** `{label, value, isTime?}`; a fact that is not known says so, it is not left out. */
  @api facts = [];

  get known() {
    return this.facts.map((fact) => ({
      ...fact,
      isTime: Boolean(fact.isTime && fact.value),
      value: fact.value ?? labels.unknown,
      labelKey: `${fact.label}-label`,
      valueKey: `${fact.label}-value`,
    }));
  }
}
