/**
 * Names under which generators sign or label their work, and how to show them. Order matters: the more specific name stands first. Many generators bear everyday
 * words and first names (Sora, Gemini, Flux, Firefly): those count only with what makes them unmistakable.
 */
const GENERATORS: readonly (readonly [RegExp, string])[] = [
  [
    /adobe[\s_-]?firefly|\bfirefly[\s_-](?:stage|prod|image|video|vector)|^firefly$/i,
    'Adobe Firefly',
  ],
  [/\bdall[\s·.Â-]{0,2}e\b/i, 'DALL·E'],
  [/\bgpt-?4o|gpt-image|chatgpt|openai|\bsora\s?2\b|^sora$|\bin sora\b/i, 'OpenAI'],
  [
    /bing image creator|microsoft designer|image creator from (?:microsoft )?designer|paint app cocreator/i,
    'Microsoft Designer',
  ],
  [/azure openai/i, 'Azure OpenAI'],
  [
    /google gemini|\bgemini[\s-]+(?:\d|flash|pro|image|app)|^gemini$|google (?:imagen|veo)|\bimagen[\s-]?[2-9]\b|\bveo[\s-]?[2-9]\b|google (?:c2pa core generator|ai)\b|made with google ai|nano banana/i,
    'Google AI',
  ],
  [/titan image generator|amazon (?:titan|nova|bedrock)|\bnova (?:canvas|reel)\b/i, 'Amazon Titan'],
  [/\bmidjourney\b/i, 'Midjourney'],
  [/\bcomfyui\b/i, 'ComfyUI'],
  [/\binvoke\s?ai\b/i, 'InvokeAI'],
  [/\bfooocus\b/i, 'Fooocus'],
  [/\bnovelai\b/i, 'NovelAI'],
  [/\bdraw things\b/i, 'Draw Things'],
  [/\beasy diffusion\b/i, 'Easy Diffusion'],
  [/\bswarmui\b/i, 'SwarmUI'],
  [/\bdiffusion\s?bee\b/i, 'DiffusionBee'],
  [
    /stability\.?\s?ai|stable[\s_-]?(?:diffusion|video|cascade)|automatic1111|sd[\s_-]?forge\b|\bsd\.next\b/i,
    'Stable Diffusion',
  ],
  [/black forest labs|\bflux[\s.-]?[12]\b|\bflux\b.*\b(?:dev|schnell|pro|kontext)\b/i, 'FLUX'],
  [/\bideogram(?:\s?ai|\.ai)\b|^ideogram$/i, 'Ideogram'],
  [/\bleonardo\.?\s?ai\b/i, 'Leonardo.Ai'],
  [/\brecraft(?:\s?ai|\.ai)?\b/i, 'Recraft'],
  [/\brunway\s?(?:ml|gen|ai)\b|^runway$/i, 'Runway'],
  [/\bkling\s?ai\b|\bkling\s?\d|^kling$/i, 'Kling'],
  [/\bpika\s?(?:labs|art)\b|\bpika\.art\b/i, 'Pika'],
  [/\bluma\s?(?:ai|labs)\b|\bdream machine\b/i, 'Luma'],
  [/\bhailuo\b|\bminimax\b/i, 'Hailuo'],
  [/\bjimeng\b|\bdreamina\b|\bseed(?:ream|ance)\b/i, 'Dreamina'],
  [/\bheygen\b/i, 'HeyGen'],
  [/\bsynthesia\b/i, 'Synthesia'],
  [/\beleven\s?labs\b/i, 'ElevenLabs'],
  [/\bsuno(?:\s?ai|\.ai|\.com)\b|^suno$|^made with suno\b/i, 'Suno'],
  [/\budio(?:\s?ai|\.com)\b|^udio$/i, 'Udio'],
  [/\bstable audio\b|\bmusicgen\b|\baudiocraft\b/i, 'Stable Audio'],
  [/\bplay\.?ht\b|\bmurf\s?ai\b|\bresemble\s?ai\b|\blovo\s?ai\b/i, 'a speech generator'],
  [/imagine with meta|\bmeta ai\b/i, 'Meta AI'],
  [/\bgrok\b|\bxai\b|\baurora \(xai\)/i, 'Grok'],
  [/\bbria\s?\.?ai\b/i, 'BRIA'],
  [/\bnightcafe\b/i, 'NightCafe'],
  [/\btensor\.?art\b/i, 'Tensor.Art'],
  [/\bcivitai\b/i, 'Civitai'],
];

/** The generator that a text names, or null. For fields in which programs name themselves. */
export function namesGenerator(text: string): string | null {
  const trimmed = text.trim();
  return GENERATORS.find(([pattern]) => pattern.test(trimmed))?.[1] ?? null;
}

/** First names and everyday words: a person may well be called so. */
const NAMES_OF_PEOPLE = /^(?:sora|gemini|grok|suno|kling|runway|firefly|ideogram)$/i;
const FEW_WORDS = 4;

/**
 * The generator that a field for people or organisations names (artist, by-line, credit), or null. Such a field has to consist of the name and little else, so that neither
 * "Photo: A. Person for OpenAI's press office" nor a person called Sora counts.
 */
export function isGeneratorAsAuthor(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.split(/\s+/).length > FEW_WORDS || NAMES_OF_PEOPLE.test(trimmed)) return null;
  return namesGenerator(trimmed);
}
