/** Names under which generators sign or label their work, and how to show them. Order matters: the more specific name stands first. */
const GENERATORS: readonly (readonly [RegExp, string])[] = [
  [/firefly/i, 'Adobe Firefly'],
  [/dall[\s·.-]?e/i, 'DALL·E'],
  [/gpt-?4o|gpt-image|chatgpt|openai|sora\b/i, 'OpenAI'],
  [
    /bing image creator|microsoft designer|image creator from designer|paint app cocreator/i,
    'Microsoft Designer',
  ],
  [/azure openai/i, 'Azure OpenAI'],
  [
    /gemini|imagen\b|google (?:c2pa core generator|ai)|made with google ai|nano banana|veo\b/i,
    'Google AI',
  ],
  [/titan image generator|amazon (?:titan|nova)|nova canvas|bedrock/i, 'Amazon Titan'],
  [/midjourney/i, 'Midjourney'],
  [/comfyui/i, 'ComfyUI'],
  [/invoke\s?ai/i, 'InvokeAI'],
  [/fooocus/i, 'Fooocus'],
  [/novelai/i, 'NovelAI'],
  [/draw things/i, 'Draw Things'],
  [/easy diffusion/i, 'Easy Diffusion'],
  [/swarmui/i, 'SwarmUI'],
  [/stability\.?\s?ai|stable[\s_-]?diffusion|automatic1111|sd[\s_-]?forge/i, 'Stable Diffusion'],
  [/black forest labs|flux\.?1|\bflux\b.*(?:dev|schnell|pro)/i, 'FLUX'],
  [/ideogram/i, 'Ideogram'],
  [/leonardo\.?\s?ai/i, 'Leonardo.Ai'],
  [/recraft/i, 'Recraft'],
  [/runway\s?ml|runway gen/i, 'Runway'],
  [/elevenlabs/i, 'ElevenLabs'],
  [/imagine with meta|meta ai/i, 'Meta AI'],
  [/grok|xai\b/i, 'Grok'],
  [/bria\.?\s?ai/i, 'BRIA'],
];

/** The generator that a text names, or null. */
export function namesGenerator(text: string): string | null {
  return GENERATORS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
