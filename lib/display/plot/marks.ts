/** Marks as Observable Plot draws them. */
import * as Plot from "@observablehq/plot";
import type { CellsMark, Mark, Reference } from "./chart.ts";
import { BAND_OPACITY, DASHES, INK, LINE_WIDTH, MUTED, POINT_SIZE } from "./theme.ts";

const errorBars = (
  { low, high }: Extract<Mark, { kind: "points" | "bars" }>,
  x: readonly (number | null)[],
): Plot.Markish[] =>
  low && high ? [Plot.ruleX(x, { x, y1: low, y2: high, stroke: INK, strokeWidth: 1.4, clip: true })] : [];

function cellMarks({ values, limits, decimals }: CellsMark): Plot.Markish[] {
  const cells = values.flatMap((row, y) => row.flatMap((value, x) => (value === null ? [] : [{ x, y, value }])));
  const edge = (key: "x" | "y", by: number) => (cell: (typeof cells)[number]) => cell[key] + by;
  const box = { x1: edge("x", -0.5), x2: edge("x", 0.5), y1: edge("y", -0.5), y2: edge("y", 0.5) };
  const middle = (limits[0] + limits[1]) / 2;
  const ink = (cell: (typeof cells)[number]) => (cell.value > middle ? "#ffffff" : INK);
  const text = { x: "x", y: "y", text: (cell: (typeof cells)[number]) => cell.value.toFixed(decimals), fill: ink };
  return [Plot.rect(cells, { ...box, fill: "value" }), ...(decimals === undefined ? [] : [Plot.text(cells, text)])];
}

export function marksOf(mark: Mark): Plot.Markish[] {
  if (mark.kind === "cells") return cellMarks(mark);
  const { y, color } = mark;
  if (mark.kind === "bars") {
    const { from: x1, to: x2, opacity } = mark;
    const shown = y.map((value) => value ?? Number.NaN);
    const bars = Plot.rectY(shown, { x1, x2, y: shown, fill: color, fillOpacity: opacity, clip: true });
    return [
      bars,
      ...errorBars(
        mark,
        x1.map((left, i) => (left + x2[i]) / 2),
      ),
    ];
  }
  const { x } = mark;
  const dots = (diameter: number): Plot.Markish => Plot.dot(x, { x, y, r: diameter / 2, fill: color, clip: true });
  if (mark.kind === "points") return [...errorBars(mark, x), dots(mark.size)];
  const stroke = { stroke: color, strokeWidth: LINE_WIDTH, strokeDasharray: DASHES[mark.dash ?? "solid"] };
  return [Plot.line(x, { x, y, ...stroke, clip: true }), ...(mark.points ? [dots(POINT_SIZE)] : [])];
}

/** Bands lie under all lines. */
export const bandOf = (mark: Mark): Plot.Markish[] =>
  mark.kind === "line" && mark.low && mark.high
    ? [
        Plot.areaY(mark.x, {
          x: mark.x,
          y1: mark.low,
          y2: mark.high,
          fill: mark.color,
          fillOpacity: BAND_OPACITY,
          clip: true,
        }),
      ]
    : [];

export function referenceMarks({ x, y, label, color = MUTED }: Reference): Plot.Markish[] {
  const line = { stroke: color, strokeWidth: 1.5, strokeDasharray: DASHES.dash };
  const text = { text: [label ?? ""], fill: color, stroke: "white", strokeWidth: 3 };
  return y === undefined
    ? [
        Plot.ruleX([x], line),
        Plot.text([x], { x: [x], frameAnchor: "top", textAnchor: "start", dx: 5, dy: 4, ...text }),
      ]
    : [
        Plot.ruleY([y], line),
        Plot.text([y], { y: [y], frameAnchor: "right", textAnchor: "end", dx: -4, dy: -8, ...text }),
      ];
}
