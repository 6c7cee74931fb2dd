/** The digital source types of the IPTC (https://cv.iptc.org/newscodes/digitalsourcetype/) and of C2PA itself. */
const VOCABULARY = [
  'digitalCapture',
  'computationalCapture',
  'negativeFilm',
  'positiveFilm',
  'print',
  'minorHumanEdits',
  'humanEdits',
  'compositeWithTrainedAlgorithmicMedia',
  'algorithmicallyEnhanced',
  'softwareImage',
  'digitalArt',
  'digitalCreation',
  'dataDrivenMedia',
  'trainedAlgorithmicMedia',
  'trainedAlgorithmicData',
  'algorithmicMedia',
  'screenCapture',
  'virtualRecording',
  'composite',
  'compositeCapture',
  'compositeSynthetic',
  'empty',
] as const;
const BY_LETTERS: ReadonlyMap<string, string> = new Map(
  VOCABULARY.map((name) => [name.toLowerCase(), name]),
);

/** Types that say a model made the content or part of it. */
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

const ADDRESS = /digital_?-?source_?-?types?[/#:]+([A-Za-z][A-Za-z0-9._ %-]{2,60})\/*$/i;
const PREFIXED = /^(?:digsrctype|dst|iptc)[:/]([A-Za-z][A-Za-z._-]{2,60})$/i;
const BARE = /^[A-Za-z][A-Za-z._ -]{2,60}$/;
/** Misspelt in the wild in many ways, and like no other type. */
const TRAINED = /^(composite(?:with)?)?trained?alg\w*media$/;

/**
 * The short name of a digital source type, or null where the value is none. Writers use http and https addresses, the bare name, other letter cases, and
 * misspell it: the vocabulary's spelling comes back wherever it can be recognised.
 */
export function shortSourceType(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const named = ADDRESS.exec(text)?.[1] ?? PREFIXED.exec(text)?.[1];
  const name = named ?? (BARE.test(text) ? text : null);
  if (name === null) return null;
  const letters = decodeLoose(name)
    .replace(/[\s._-]/g, '')
    .toLowerCase();
  const known = BY_LETTERS.get(letters);
  if (known) return known;
  const trained = TRAINED.exec(letters);
  if (trained)
    return trained[1] ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia';
  // A word that is neither an address nor known may be anything.
  return named !== undefined || /^[a-z]+[A-Z]/.test(text) ? name : null;
}

function decodeLoose(text: string): string {
  return text.replaceAll('%20', ' ');
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
