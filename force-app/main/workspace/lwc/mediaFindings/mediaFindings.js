import { LightningElement, api } from 'lwc';
import { formatScore, severityRank } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

const capitalise = (word) => `${String(word).charAt(0).toUpperCase()}${String(word).slice(1)}`;

export default class MediaFindings extends LightningElement {
  labels = labels;

  /** Findings of the detection service: `{code, severity, title, detail, detector, detectorVersion, score}`. */
  @api findings = [];

  get hasFindings() {
    return (this.findings ?? []).length > 0;
  }

  get sorted() {
    return [...this.findings]
      .sort((left, right) => severityRank(left.severity) - severityRank(right.severity))
      .map((finding, index) => ({
        ...finding,
        key: `${finding.code}-${index}`,
        badge: capitalise(finding.severity),
        scoreText: formatScore(finding.score),
      }));
  }
}
