/** The few SVG shapes that the plots are made of. */

/** Distinguishable by most colour-blind readers (Okabe and Ito 2008). */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

export function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] as string;
}

export function document(width: number, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

export function text(
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escape(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, colour = '#ccc'): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;
}

export function bar(
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  opacity = 1,
): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}" fill-opacity="${opacity}"/>`;
}

export function path(points: readonly (readonly [number, number])[], colour: string): string {
  const places = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return `<polyline points="${places}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

export function dot(x: number, y: number, colour: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${colour}"/>`;
}

/** Names in lists come from strangers. */
function escape(content: string): string {
  return content
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
