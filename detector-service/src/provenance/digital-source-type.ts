/** IPTC digital source types (https://cv.iptc.org/newscodes/digitalsourcetype/) that say a model made the content or part of it. */
const MADE_BY_AI: ReadonlySet<string> = new Set([
  'trainedAlgorithmicMedia',
  'compositeWithTrainedAlgorithmicMedia',
  'compositeSynthetic',
  'algorithmicallyEnhanced.trained',
]);

/** Made wholly, rather than partly, by a model. */
const WHOLLY_BY_AI: ReadonlySet<string> = new Set(['trainedAlgorithmicMedia']);

export function isMadeByAi(type: string | null): boolean {
  return type !== null && MADE_BY_AI.has(type);
}

export function isWhollyByAi(type: string | null): boolean {
  return type !== null && WHOLLY_BY_AI.has(type);
}

const ADDRESS = /digitalsourcetype\/([A-Za-z][A-Za-z.]{2,60})\/?$/i;
const BARE = /^[a-z][A-Za-z.]{2,60}$/;

/** The short name of a digital source type given as address or name, or null where it is neither. */
export function shortSourceType(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return ADDRESS.exec(text)?.[1] ?? (BARE.test(text) ? text : null);
}

/** How deep assertions are searched; real ones nest below ten. */
const MAX_DEPTH = 24;

/** Every digital source type in a set of assertions, wherever the claim generator put it (actions, metadata, custom assertions). */
export function digitalSourceTypesIn(assertions: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH || value === null || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
      if (/digitalsourcetype$/i.test(key)) {
        const type = shortSourceType(
          typeof inner === 'object' && inner !== null ? firstValue(inner) : inner,
        );
        if (type) found.add(type);
      }
      visit(inner, depth + 1);
    }
  };
  visit(assertions, 0);
  return [...found];
}

/** Some claims wrap the address in an object, as JSON-LD does. */
function firstValue(wrapper: object): unknown {
  return Object.values(wrapper as Record<string, unknown>)[0];
}
