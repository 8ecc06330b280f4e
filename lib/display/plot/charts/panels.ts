import { UserError } from "../../../util/errors.ts";
import type { Chart, Figure } from "../chart.ts";
import { checkSize, wholeWithin } from "../check.ts";
import { FIGURE_HEIGHT, FIGURE_WIDTH } from "../theme.ts";

const MOST_COLUMNS = 1000;

export interface PanelOptions {
  title?: string;
  /** Panels in a row; default all. */
  columns?: number;
  /** Pixels of the whole figure. */
  width?: number;
  height?: number;
}

/**
 * Several charts in one figure, row by row; each chart's title becomes its panel's heading. Series of the same name
 * share one entry of the legend, so give them the same colour.
 */
export function panels(charts: readonly Chart[], options: PanelOptions = {}): Figure {
  if (charts.length === 0) throw new UserError("a figure without panels", "give at least one chart");
  checkSize(options);
  const asked = options.columns ?? charts.length;
  const columns = Math.min(wholeWithin("the number of columns", asked, [1, MOST_COLUMNS]), charts.length);
  const rows = Math.ceil(charts.length / columns);
  const { title, width = FIGURE_WIDTH, height = rows === 1 ? FIGURE_HEIGHT : rows * 300 + 60 } = options;
  return { title, width, height, columns, charts };
}

/** A chart by itself: its title is the figure's. */
export const figureOf = ({ title, width = FIGURE_WIDTH, height = FIGURE_HEIGHT, ...chart }: Chart): Figure => ({
  ...{ title, width, height },
  columns: 1,
  charts: [chart],
});
