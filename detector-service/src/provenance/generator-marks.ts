import { isGeneratorAsAuthor, namesGenerator } from './generators.js';
import { printable } from './printable.js';
import type { Texts } from './texts/collect.js';

/** A mark that a generator left in metadata. */
export interface GeneratorMark {
  readonly generator: string;
  /** Where it stands: `png:parameters`, `exif:UserComment`, `xmp`. */
  readonly place: string;
}

/**
 * The first mark, most telling first. A generator's *name* counts only in fields that tools fill in about themselves, never in free text such as a
 * caption: an article about Midjourney is not made by it. Settings, graphs and job numbers count anywhere, since nobody writes them by hand.
 */
export function findGeneratorMark(texts: Texts): GeneratorMark | null {
  return (
    comfy(texts) ??
    namedFields(texts) ??
    diffusionSettings(texts) ??
    sentences(texts) ??
    toolNames(texts) ??
    xmpFields(texts)
  );
}

/** Characters of a text in which patterns are looked for. */
const SEARCHED = 200_000;
const COMFY_GRAPH = /"class_type"\s*:|"last_node_id"\s*:/;
const COMFY_WORKFLOW = /"nodes"\s*:\s*\[[\s\S]{0,4000}?"type"\s*:/;
const IS_JSON = /^\s*(?:(?:prompt|workflow)\s*:)?\s*\{/i;

/** Graphs of nodes: in PNG text, in EXIF fields (WebP, JPEG), in the comment or in tags of their own in sound and video. */
function comfy(texts: Texts): GeneratorMark | null {
  for (const [place, text] of texts) {
    if (place === 'xmp' || !IS_JSON.test(text)) continue;
    const isWorkflow = /workflow/i.test(place) || /^\s*workflow\s*:/i.test(text);
    if (COMFY_GRAPH.test(text) || (isWorkflow && COMFY_WORKFLOW.test(text.slice(0, SEARCHED)))) {
      return { generator: 'ComfyUI', place };
    }
  }
  return null;
}

/** Fields that only one tool writes, by name. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [/^png:(?:invokeai_metadata|invokeai_graph|invokeai_workflow|sd-metadata|Dream)$/, 'InvokeAI'],
  [/^png:fooocus_scheme$/, 'Fooocus'],
  [/^png:sui_image_params$/, 'SwarmUI'],
  [/^png:generation_data$/, 'Tensor.Art'],
];

/** Words in a tool's own JSON that no other tool uses together. */
const CONTENTS: readonly (readonly [readonly string[], string])[] = [
  [['"sui_image_params"'], 'SwarmUI'],
  [['"Software"', '"NovelAI'], 'NovelAI'],
  [['"signed_hash"', '"sampler"'], 'NovelAI'],
  [['"app_version"', '"generation_mode"'], 'InvokeAI'],
  [['"sampler"', '"seed_mode"'], 'Draw Things'],
  [['"metadata_scheme"', '"fooocus"'], 'Fooocus'],
  [['"full_prompt"', '"base_model"'], 'Fooocus'],
];

function namedFields(texts: Texts): GeneratorMark | null {
  for (const [place, text] of texts) {
    const byField = FIELDS.find(([pattern]) => pattern.test(place));
    if (byField) return { generator: byField[1], place };
    if (place !== 'xmp' && !/^\s*\{/.test(text)) continue;
    const readable = unescaped(text);
    const byContent = CONTENTS.find(([words]) => words.every((word) => readable.includes(word)));
    if (byContent) return { generator: byContent[1], place };
  }
  return null;
}

/** JSON inside XMP has its quotation marks written as entities. */
function unescaped(text: string): string {
  return text.slice(0, SEARCHED).replaceAll('&quot;', '"').replaceAll('&#34;', '"');
}

/** "Steps: 20, Sampler: Euler a, …": the line that Stable Diffusion front ends write under the prompt. */
const DIFFUSION_SETTINGS = /\bSteps:\s*\d{1,4},[\s\S]{0,400}?\b(?:Sampler|CFG scale|Seed|Size):/;
const SETTINGS_TAIL = 400;

function diffusionSettings(texts: Texts): GeneratorMark | null {
  for (const [place, text] of texts) {
    if (DIFFUSION_SETTINGS.test(text)) {
      return {
        generator: namesGenerator(text.slice(-SETTINGS_TAIL)) ?? 'Stable Diffusion',
        place,
      };
    }
  }
  return null;
}

/** What tools write into free text, in a form that people do not. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/\bJob ID:\s*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/i, 'Midjourney'],
  [/^\s*made with suno\b/i, 'Suno'],
  // The label that Chinese law asks for (GB 45438-2025): 1 is generated, 2 and 3 are likely and suspected.
  [
    /\bAIGC"?\s*[:=>]\s*["']?\s*\{[^{}]{0,600}?"?Label"?\s*[:=]\s*"?1\b/i,
    'a generator labelled AIGC',
  ],
];

function sentences(texts: Texts): GeneratorMark | null {
  for (const [place, text] of texts) {
    const found = SENTENCES.find(([pattern]) => pattern.test(unescaped(text)));
    if (found) return { generator: found[1], place };
  }
  return null;
}

/** Fields in which programs name themselves. */
const TOOL_FIELDS =
  /^(?:png:(?:Software|Source|Creation Tool)|exif:(?:Software|ProcessingSoftware|HostComputer|Make|Model)|iptc:Originating Program|mp4:(?:©too|©swr|©enc|tool|encoder|com\.apple\.quicktime\.(?:software|make|model)|software|handler)|id3:(?:TSSE|TENC|TSS|TEN|WOAF|WOAS|TXXX:(?:encoder|software|generator|tool|source))|vorbis:(?:ENCODED-WITH|ENCODER|SOFTWARE|TOOL|GENERATOR|ENCODED-BY|ENCODED_BY)|riff:(?:ISFT|ITCH|IENG|bext:Originator|id3:(?:TSSE|TENC))|pdf:(?:Producer|Creator))$/i;
/** Fields for people and organisations, in which generators name themselves as well. */
const AUTHOR_FIELDS =
  /^(?:png:(?:Author|Artist)|exif:Artist|iptc:(?:Credit|By-line|Source)|mp4:(?:©ART|©aut|©pub|com\.apple\.quicktime\.(?:author|artist))|id3:(?:TPE1|TPUB|TCOM|TP1|TPB)|vorbis:(?:ARTIST|ORGANIZATION|PUBLISHER)|riff:IART)$/;

function toolNames(texts: Texts): GeneratorMark | null {
  for (const [place, text] of texts) {
    const generator = TOOL_FIELDS.test(place)
      ? namesGenerator(text)
      : AUTHOR_FIELDS.test(place)
        ? isGeneratorAsAuthor(text)
        : null;
    if (generator) return { generator, place };
  }
  return null;
}

/** XMP properties as attribute or element, with or without a list around the value. */
const XMP_PROPERTY =
  /\b(CreatorTool|softwareAgent|AISystemUsed|Credit|creator|Software)(?:\s*=\s*["']([^"']{1,200})["']|[^>=]{0,80}>\s*(?:<[^>]{1,80}>\s*){0,4}([^<]{1,200})<)/g;
const MAX_PROPERTIES = 200;

function xmpFields(texts: Texts): GeneratorMark | null {
  let count = 0;
  for (const [, name = '', attribute, element] of (texts.get('xmp') ?? '').matchAll(XMP_PROPERTY)) {
    if ((count += 1) > MAX_PROPERTIES) break;
    const value = (attribute ?? element ?? '').trim();
    // IPTC 2025.1: the field exists for nothing else than to name the system that made the media.
    if (name === 'AISystemUsed' && value !== '') {
      return { generator: namesGenerator(value) ?? printable(value, 80), place: 'xmp' };
    }
    const generator =
      name === 'Credit' || name === 'creator' ? isGeneratorAsAuthor(value) : namesGenerator(value);
    if (generator) return { generator, place: 'xmp' };
  }
  return null;
}

/** The mark in a text that was hidden in pixels: only generators' front ends hide one there. */
export function hiddenMark(text: string): GeneratorMark {
  const place = 'pixels:hidden';
  return (
    findGeneratorMark(new Map([[place, text]])) ?? {
      generator: 'a Stable Diffusion front end',
      place,
    }
  );
}
