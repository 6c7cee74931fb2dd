import { format } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

/** The contract's kinds of evidence, in the order in which a reviewer looks at them. */
const KINDS = {
  preview: { label: labels.viewPreview },
  heatmap: { label: labels.viewHeatMap, help: labels.heatMapHelp },
  region_map: { label: labels.viewRegionMap, help: labels.viewRegionMapHelp },
  page: { label: labels.viewPage, help: labels.viewPageHelp },
  frame_strip: { label: labels.viewFrameStrip, help: labels.viewFrameStripHelp },
  spectrogram: { label: labels.viewSpectrogram, help: labels.viewSpectrogramHelp },
};
const ORDER = Object.keys(KINDS);

const rankOf = ({ kind }) => {
  const rank = ORDER.indexOf(kind);
  return rank < 0 ? ORDER.length : rank;
};

/**
 * Named views of the evidence files, one each. Several of a kind are numbered; a kind that a newer service made and this
 * version does not know goes by the name of its file.
 */
export function viewsOf(evidence) {
  const files = [...(evidence ?? [])].sort((left, right) => rankOf(left) - rankOf(right));
  const seen = {};
  return files.map(({ kind, name }) => {
    const known = KINDS[kind];
    const isOneOfMany = files.filter((file) => file.kind === kind).length > 1;
    seen[kind] = (seen[kind] ?? 0) + 1;
    const label = known?.label ?? name;
    return {
      name,
      kind,
      help: known?.help,
      label: known && isOneOfMany ? format(labels.viewNumbered, label, seen[kind]) : label,
    };
  });
}
