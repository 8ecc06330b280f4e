import { UserError } from "../../../util/errors.ts";
import type { PlotSpec } from "../spec.ts";
import { SEQUENTIAL } from "../theme.ts";
import { type ChartOptions, layoutOf } from "./options.ts";

export interface HeatmapOptions extends ChartOptions {
  /** One row a y category, top to bottom, one value an x category; null leaves a cell empty. */
  values: readonly (readonly (number | null)[])[];
  xCategories: readonly string[];
  yCategories: readonly string[];
  /** Limits of the colour scale; default the smallest and the largest value. */
  limits?: readonly [number, number];
  /** What the colours mean; heads the colour bar. */
  quantity?: string;
  /** Decimals of the numbers written into the cells; none are written when left out. */
  decimals?: number;
}

/** A matrix as coloured cells (a confusion matrix, accuracy per translation and rotation), first row on top. */
export function heatmapChart(options: HeatmapOptions): PlotSpec {
  const { values, xCategories, yCategories, quantity, decimals } = options;
  if (values.length !== yCategories.length || values.some((row) => row.length !== xCategories.length)) {
    throw new UserError(
      `a matrix of ${values.length} rows does not fit ${yCategories.length} x ${xCategories.length} categories`,
      "give one row a y category and one value an x category",
    );
  }
  const known = values.flat().filter((value) => value !== null);
  const [zmin, zmax] = options.limits ?? [Math.min(...known), Math.max(...known)];
  const text = values.map((row) =>
    row.map((value) => (value === null || decimals === undefined ? "" : value.toFixed(decimals))),
  );
  const layout = layoutOf({
    ...options,
    x: { type: "category", ...options.x },
    y: { type: "category", range: [yCategories.length - 0.5, -0.5], ...options.y },
  });
  return {
    data: [
      {
        type: "heatmap",
        z: values,
        x: xCategories,
        y: yCategories,
        colorscale: SEQUENTIAL,
        zmin,
        zmax,
        colorbar: { title: { text: quantity ?? "" } },
        ...(decimals === undefined ? {} : { text, texttemplate: "%{text}" as const }),
      },
    ],
    layout,
  };
}
