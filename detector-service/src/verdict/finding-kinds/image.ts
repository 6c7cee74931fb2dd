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
  'image.not_scored': { severity: 'info', title: 'Pixels were not scored', argues: null },
  'image.damaged': { severity: 'low', title: 'Damaged picture', argues: null },
} as const satisfies Readonly<Record<string, FindingKind>>;
