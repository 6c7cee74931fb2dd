/** Sources as what is drawn: the bootstrap by source (Efron 1979, clusters as units). */
import { seededRandom } from './random.js';

/** A source's items of one class. */
export interface Unit {
  readonly name: string;
  readonly isFake: boolean;
}

export interface Draws {
  readonly count: number;
  readonly seed: number;
}

/** How often each unit counts, by its name; units that are not in it do not. */
export type DrawnUnits = ReadonlyMap<string, number>;

interface Sourced {
  readonly source: string;
  readonly isFake: boolean;
}

export function unitName({ source, isFake }: Sourced): string {
  return `${isFake ? 'fake' : 'real'}/${source}`;
}

/** In the order of their names. */
export function unitsOf(items: readonly Sourced[]): readonly Unit[] {
  const units = new Map(items.map((item) => [unitName(item), item.isFake]));
  return [...units]
    .map(([name, isFake]) => ({ name, isFake }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Of each class as many units are drawn, with replacement, as there are. None where a class has fewer than two, of which no spread can be learnt. */
export function drawUnits(units: readonly Unit[], { count, seed }: Draws): readonly DrawnUnits[] {
  const classes = [false, true].map((wanted) => units.filter(({ isFake }) => isFake === wanted));
  if (classes.some((members) => members.length < 2)) return [];
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const drawn = new Map<string, number>();
    for (const members of classes) {
      for (let i = 0; i < members.length; i += 1) {
        const { name } = members[Math.floor(random() * members.length)] as Unit;
        drawn.set(name, (drawn.get(name) ?? 0) + 1);
      }
    }
    return drawn;
  });
}
