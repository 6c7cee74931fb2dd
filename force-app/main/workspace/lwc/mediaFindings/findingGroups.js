import { format, formatScore, lookOf, severityRank } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

/** So many sentences of one kind are read at a glance; the rest is a click away. */
const DETAILS_SHOWN = 3;

const capitalise = (word) => `${String(word).charAt(0).toUpperCase()}${String(word).slice(1)}`;

/** What one detector said several times, such as for many pages, is one entry with several sentences. */
function merge(findings) {
  const entries = new Map();
  for (const finding of findings) {
    const key = [finding.code, finding.detector, finding.detectorVersion, finding.score].join(' ');
    if (!entries.has(key)) {
      entries.set(key, { ...finding, key, details: [] });
    }
    const { details } = entries.get(key);
    details.push({ key: `${key} ${details.length}`, text: finding.detail });
  }
  return [...entries.values()].map(({ details, ...finding }) => ({
    ...finding,
    scoreText: formatScore(finding.score),
    details: details.slice(0, DETAILS_SHOWN),
    more: details.slice(DETAILS_SHOWN),
    hasMore: details.length > DETAILS_SHOWN,
    moreTitle: format(labels.findingsMore, details.length - DETAILS_SHOWN),
  }));
}

/** Findings by severity, the gravest first, in the detection service's order within. */
export function groupsOf(findings) {
  const bySeverity = new Map();
  for (const finding of findings ?? []) {
    bySeverity.set(finding.severity, [...(bySeverity.get(finding.severity) ?? []), finding]);
  }
  return [...bySeverity]
    .sort(([left], [right]) => severityRank(left) - severityRank(right))
    .map(([severity, members]) => {
      const badge = capitalise(severity);
      const title = format(labels.findingsGroup, lookOf(badge).label, members.length);
      return { severity, badge, title, findings: merge(members) };
    });
}
