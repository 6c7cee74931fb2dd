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

/** A heat map is named after its model: `heatmap-image-edited.jpg`, in documents behind the name of the picture. */
const MODEL = /(?:^|-)heatmap-(.+)\.\w+$/;

const modelOf = ({ kind, name }) => (kind === 'heatmap' && MODEL.exec(name)?.[1]) || '';

const labelOf = (file) => {
  const label = KINDS[file.kind]?.label ?? file.name;
  const model = modelOf(file);
  return model ? format(labels.viewOfModel, label, model) : label;
};

const countBy = (keys) => {
  const counts = {};
  for (const key of keys) {
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

/**
 * Named views of the evidence files, one each: by kind, heat maps also by the model that spoke. Several of the same are
 * numbered; a kind that a newer service made and this version does not know goes by the name of its file.
 */
export function viewsOf(evidence) {
  const files = [...(evidence ?? [])].sort((left, right) => rankOf(left) - rankOf(right));
  const keyOf = (file) => (KINDS[file.kind] ? `${file.kind} ${modelOf(file)}` : file.name);
  const counts = countBy(files.map(keyOf));
  const seen = {};
  return files.map((file) => {
    const { kind, name } = file;
    const key = keyOf(file);
    seen[key] = (seen[key] ?? 0) + 1;
    const label = labelOf(file);
    return {
      name,
      kind,
      help: KINDS[kind]?.help,
      label: counts[key] > 1 ? format(labels.viewNumbered, label, seen[key]) : label,
    };
  });
}
