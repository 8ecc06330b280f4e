import { UserError } from "../../../util/errors.ts";
import { type Chart, type ChartOptions, chartOf, finite, type Values } from "../chart.ts";
import { checkRange, wholeWithin } from "../check.ts";
import { spanOf } from "../domain.ts";
import { extentOf } from "../thin.ts";

export interface HeatmapOptions extends ChartOptions {
  /** One row a y category, top to bottom, one value an x category; what is null or not finite leaves a cell empty. */
  values: readonly Values[];
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
export function heatmapChart(options: HeatmapOptions): Chart {
  const { xCategories, yCategories, quantity = "", decimals } = options;
  if (decimals !== undefined) wholeWithin("the number of decimals", decimals, [0, 20]);
  checkRange("the range of the colours", options.limits);
  const values = options.values.map(finite);
  if (values.length !== yCategories.length || values.some((row) => row.length !== xCategories.length)) {
    throw new UserError(
      `a matrix of ${values.length} rows does not fit ${yCategories.length} x ${xCategories.length} categories`,
      "give one row a y category and one value an x category",
    );
  }
  const limits = options.limits ?? spanOf(...extentOf(values.flat()));
  const cells = { kind: "cells", values, limits, quantity, decimals } as const;
  return chartOf(options, [cells], { x: xCategories, y: yCategories });
}
