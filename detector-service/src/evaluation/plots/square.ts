import * as svg from './svg.js';

const SIDE = 360;
const MARGIN = { left: 48, top: 16, bottom: 40 };

export interface Series {
  readonly name: string;
  /** Places in the unit square. */
  readonly points: readonly (readonly [number, number])[];
  readonly hasDots: boolean;
}

/** Series in the unit square with its diagonal, and their names beside it. */
export function plotSquare(xTitle: string, yTitle: string, series: readonly Series[]): string {
  const x = (value: number): number => MARGIN.left + value * SIDE;
  const y = (value: number): number => MARGIN.top + (1 - value) * SIDE;
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((value) => [
    svg.line(x(value), y(0), x(value), y(1), '#eee'),
    svg.line(x(0), y(value), x(1), y(value), '#eee'),
    svg.text(x(value), y(0) + 14, value.toFixed(1), 'middle'),
    svg.text(x(0) - 6, y(value) + 4, value.toFixed(1), 'end'),
  ]);
  const lines = series.flatMap(({ name, points, hasDots }, i) => {
    const places = points.map(([px, py]) => [x(px), y(py)] as const);
    const colour = svg.colourOf(i);
    return [
      svg.path(places, colour),
      ...(hasDots ? places.map(([px, py]) => svg.dot(px, py, colour)) : []),
      svg.bar(x(1) + 16, MARGIN.top + i * 18, 10, 10, colour),
      svg.text(x(1) + 32, MARGIN.top + 9 + i * 18, name),
    ];
  });
  return svg.document(MARGIN.left + SIDE + 260, MARGIN.top + SIDE + MARGIN.bottom, [
    ...grid,
    svg.line(x(0), y(0), x(1), y(1), '#bbb'),
    ...lines,
    svg.text(x(0.5), y(0) + 32, xTitle, 'middle'),
    `<g transform="rotate(-90 12 ${y(0.5)})">${svg.text(12, y(0.5), yTitle, 'middle')}</g>`,
  ]);
}
