/**
 * The template of a request's address, for logs, metrics and traces: ids stay out and the number of names stays small. Told by the address alone, so a request
 * that was refused before it reached its route, or whose route threw, goes by the same name as one that was answered.
 */
import { OPERATIONS } from './contract/operations.js';

/** Any address that the service does not have. */
export const UNMATCHED = 'unmatched';

const TEMPLATES = [...Object.keys(OPERATIONS), '/openapi.json'].map((template) => ({
  template,
  pattern: patternOf(template),
}));

/**
 * @param path without the query
 * @returns a path of the contract, such as `/v1/verifications/{id}`, or {@link UNMATCHED}
 */
export function routeNameOf(path: string): string {
  return TEMPLATES.find(({ pattern }) => pattern.test(path))?.template ?? UNMATCHED;
}

/** As the router matches: any case, with or without a slash at the end. */
function patternOf(template: string): RegExp {
  const parts = template
    .split(/\{[^}]+\}/)
    .map((text) => text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]+')}/?$`, 'i');
}
