/**
 * Cepstra over time: the cosine transform (type II, orthonormal) across bands, frame by frame.
 *
 * @param bands logarithmic power over time, one array a band
 * @param from first coefficient
 * @param to past the last coefficient
 * @returns one array over time a coefficient
 */
export function cepstraOf(
  bands: readonly Float64Array[],
  from: number,
  to: number,
): readonly Float64Array[] {
  const [first = new Float64Array()] = bands;
  return Array.from({ length: to - from }, (_, i) => {
    const order = from + i;
    const scale = Math.sqrt((order === 0 ? 1 : 2) / bands.length);
    const track = new Float64Array(first.length);
    bands.forEach((band, k) => {
      const weight = scale * Math.cos((Math.PI * order * (2 * k + 1)) / (2 * bands.length));
      for (let frame = 0; frame < track.length; frame += 1) {
        track[frame] = (track[frame] as number) + weight * (band[frame] as number);
      }
    });
    return track;
  });
}
