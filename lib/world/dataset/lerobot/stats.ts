/** Statistics of features as LeRobot keeps them: of each number of a vector, or of each colour of pictures in 0..1. */

const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;

export type Stats = Readonly<Record<string, unknown>>;

/** Of one number of a feature. */
function statsOf(values: Float64Array): Record<string, number> {
  const sorted = values.slice().sort();
  const sum = sorted.reduce((a, b) => a + b, 0);
  const mean = sum / sorted.length;
  const variance = sorted.reduce((a, b) => a + (b - mean) ** 2, 0) / sorted.length;
  const at = (q: number): number => {
    const place = q * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (place - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
  };
  const quantiles = Object.entries(QUANTILES).map(([name, q]) => [name, at(q)]);
  const ends = { min: sorted[0], max: sorted[sorted.length - 1] };
  return { ...ends, mean, std: Math.sqrt(variance), ...Object.fromEntries(quantiles) };
}

const joined = (count: number, parts: readonly Record<string, number>[], wrap: (value: number) => unknown): Stats => ({
  ...Object.fromEntries(Object.keys(parts[0]).map((name) => [name, parts.map((part) => wrap(part[name]))])),
  count: [count],
});

/** @param rows vectors of one length, one a frame */
export function vectorStats(rows: readonly (readonly number[])[]): Stats {
  const parts = rows[0].map((_, axis) => statsOf(Float64Array.from(rows, (row) => row[axis])));
  return joined(rows.length, parts, (value) => value);
}

/** Pictures of which statistics are taken, at most, spread over all. */
const PICTURES = 64;

/** @param pictures RGB bytes each */
export function pictureStats(pictures: readonly Uint8Array[]): Stats {
  const every = Math.max(1, Math.ceil(pictures.length / PICTURES));
  const some = pictures.filter((_, i) => i % every === 0);
  const channel = (c: number): Float64Array => {
    const size = some[0].length / 3;
    const out = new Float64Array(some.length * size);
    for (const [n, picture] of some.entries())
      for (let i = 0; i < size; i++) out[n * size + i] = picture[3 * i + c] / 255;
    return out;
  };
  return joined(
    some.length,
    [0, 1, 2].map((c) => statsOf(channel(c))),
    (value) => [[value]],
  );
}
