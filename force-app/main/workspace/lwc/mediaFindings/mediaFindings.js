import { LightningElement, api } from 'lwc';
import { labels } from 'c/mediaLabels';
import { groupsOf } from './findingGroups';

export default class MediaFindings extends LightningElement {
  labels = labels;

  /** Findings of the detection service: `{code, severity, title, detail, detector, detectorVersion, score}`. */
  @api findings = [];

  get hasFindings() {
    return (this.findings ?? []).length > 0;
  }

  get groups() {
    return groupsOf(this.findings);
  }
}
