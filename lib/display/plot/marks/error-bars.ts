import type { ErrorBars } from "../spec.ts";
import { el, type Point, pathData } from "../svg.ts";

/** Upright error bars with caps; `ends` maps a value and its index to pixels. */
export function errorBars(
  bars: ErrorBars,
  centres: readonly (number | null)[],
  point: (value: number, index: number) => Point,
  color: string,
): string {
  const cap = bars.width ?? 4;
  const data = centres.map((centre, i) => {
    if (centre === null) return "";
    const [[x, low], [, high]] = [point(centre - bars.array[i], i), point(centre + bars.array[i], i)];
    const whisker = (y: number) =>
      pathData([
        [x - cap, y],
        [x + cap, y],
      ]);
    return (
      pathData([
        [x, low],
        [x, high],
      ]) +
      whisker(low) +
      whisker(high)
    );
  });
  return el("path", {
    d: data.join(""),
    stroke: bars.color ?? color,
    "stroke-width": bars.thickness ?? 1.5,
    fill: "none",
  });
}
