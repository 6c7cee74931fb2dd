import type { FindingKind } from './kind.js';

/** What the pixels of a picture say. */
export const IMAGE_KINDS = {
  'image.generated': { severity: 'medium', title: 'Looks generated', argues: 'suspect' },
  'image.uncertain': {
    severity: 'info',
    title: 'Cannot tell whether it is generated',
    argues: 'clear',
  },
  'image.clear': { severity: 'info', title: 'No sign of generation found', argues: 'clear' },
  'image.edited': { severity: 'medium', title: 'Part of it looks edited', argues: 'suspect' },
  'image.edit_uncertain': {
    severity: 'info',
    title: 'Cannot tell whether a part was edited',
    argues: 'clear',
  },
  'image.edit_clear': { severity: 'info', title: 'No sign of a local edit found', argues: 'clear' },
  'image.copy_move': {
    severity: 'medium',
    title: 'A region was copied within the picture',
    argues: 'suspect',
  },
  'image.screen_pattern': {
    severity: 'info',
    title: 'A fine grid lies over the picture, as on photographs of screens',
    argues: null,
  },
  'image.not_scored': { severity: 'info', title: 'Pixels were not scored', argues: null },
  'image.damaged': { severity: 'low', title: 'Damaged picture', argues: null },
} as const satisfies Readonly<Record<string, FindingKind>>;
