import { namesGenerator } from './generators.js';

/** A mark that a generator left in metadata. */
export interface GeneratorMark {
  readonly generator: string;
  /** Where it stands: `png:parameters`, `exif:UserComment`, `xmp`. */
  readonly place: string;
}

type Texts = ReadonlyMap<string, string>;

/** "Steps: 20, Sampler: Euler a, …": the line that Stable Diffusion front ends write under the prompt. */
const DIFFUSION_SETTINGS = /\bSteps:\s*\d{1,4},[\s\S]{0,400}?\b(?:Sampler|CFG scale|Seed|Size):/;
const COMFY_GRAPH = /"class_type"\s*:|"last_node_id"\s*:|"nodes"\s*:\s*\[[\s\S]{0,4000}?"type"\s*:/;
const MIDJOURNEY_JOB = /\bJob ID:\s*[0-9a-f]{8}-[0-9a-f-]{27}/i;
/** Fields that a tool fills in about itself, as XMP attribute or element. */
const XMP_TOOL =
  /(?:CreatorTool|softwareAgent|Credit|AISystemUsed)(?:\s*=\s*["']([^"']{1,200})["']|[^>=]{0,80}>\s*(?:<[^>]{1,80}>\s*){0,4}([^<]{1,200})<)/g;

/**
 * The first mark, most telling first. A generator's *name* counts only in fields that tools fill in about themselves, never in free text such as a
 * caption: an article about Midjourney is not made by it.
 */
export function findGeneratorMark(texts: Texts): GeneratorMark | null {
  return (
    comfy(texts) ??
    namedChunks(texts) ??
    diffusionSettings(texts) ??
    midjourney(texts) ??
    toolNames(texts)
  );
}

function comfy(texts: Texts): GeneratorMark | null {
  for (const place of [
    'png:prompt',
    'png:workflow',
    'exif:UserComment',
    'exif:ImageDescription',
    'exif:Make',
    'exif:Model',
  ]) {
    const text = texts.get(place);
    if (text && /^\s*(?:(?:prompt|workflow):)?\s*\{/i.test(text) && COMFY_GRAPH.test(text)) {
      return { generator: 'ComfyUI', place };
    }
  }
  return null;
}

const CHUNKS: readonly (readonly [string, string])[] = [
  ['png:invokeai_metadata', 'InvokeAI'],
  ['png:invokeai_graph', 'InvokeAI'],
  ['png:sd-metadata', 'InvokeAI'],
  ['png:Dream', 'InvokeAI'],
  ['png:fooocus_scheme', 'Fooocus'],
  ['png:sui_image_params', 'SwarmUI'],
  ['png:generation_data', 'Tensor.Art'],
];

function namedChunks(texts: Texts): GeneratorMark | null {
  for (const [place, generator] of CHUNKS) {
    if (texts.has(place)) return { generator, place };
  }
  const software = texts.get('png:Software') ?? '';
  if (/novelai/i.test(software)) return { generator: 'NovelAI', place: 'png:Software' };
  for (const place of ['png:parameters', 'exif:UserComment']) {
    const text = texts.get(place) ?? '';
    if (/"sui_image_params"/.test(text)) return { generator: 'SwarmUI', place };
    if (/fooocus/i.test(text) && /"(?:base_model|full_prompt|sampler)"/.test(text))
      return { generator: 'Fooocus', place };
  }
  return null;
}

function diffusionSettings(texts: Texts): GeneratorMark | null {
  for (const place of [
    'png:parameters',
    'exif:UserComment',
    'png:Comment',
    'png:Description',
    'exif:ImageDescription',
    'exif:XPComment',
    'xmp',
  ]) {
    const text = texts.get(place);
    if (text && DIFFUSION_SETTINGS.test(text)) {
      return { generator: namesGenerator(text.slice(-400)) ?? 'Stable Diffusion', place };
    }
  }
  return null;
}

function midjourney(texts: Texts): GeneratorMark | null {
  for (const place of [
    'png:Description',
    'xmp',
    'exif:ImageDescription',
    'iptc:Caption/Abstract',
  ]) {
    if (MIDJOURNEY_JOB.test(texts.get(place) ?? '')) return { generator: 'Midjourney', place };
  }
  return null;
}

function toolNames(texts: Texts): GeneratorMark | null {
  for (const place of [
    'png:Software',
    'exif:Software',
    'exif:Make',
    'exif:Model',
    'png:Author',
    'exif:Artist',
    'iptc:Credit',
    'iptc:Originating Program',
    'iptc:By-line',
    'png:Source',
  ]) {
    const generator = namesGenerator(texts.get(place) ?? '');
    if (generator) return { generator, place };
  }
  for (const [, attribute, element] of (texts.get('xmp') ?? '').matchAll(XMP_TOOL)) {
    const generator = namesGenerator(attribute ?? element ?? '');
    if (generator) return { generator, place: 'xmp' };
  }
  return null;
}
