import { LightningElement, api } from 'lwc';
import { format, formatBytes } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

export default class MediaFacts extends LightningElement {
  /** `{label, value, isTime?, isSize?}`; a fact that is not known says so, it is not left out. */
  @api facts = [];

  /** Leaves out facts that are not known, where room is short. */
  @api hideUnknown = false;

  get known() {
    const shown = this.hideUnknown ? this.facts.filter((fact) => fact.value) : this.facts;
    return shown.map((fact) => ({
      ...fact,
      isTime: Boolean(fact.isTime && fact.value),
      ...wordsOf(fact),
      labelKey: `${fact.label}-label`,
      valueKey: `${fact.label}-value`,
    }));
  }
}

/** A size in a unit that people read, with its bytes as the title; other values as they are. */
function wordsOf({ value, isSize }) {
  if (!isSize || !value) {
    return { value: value ?? labels.unknown };
  }
  const bytes = Number(value);
  return { value: formatBytes(bytes), exact: format(labels.exactBytes, bytes.toLocaleString()) };
}
