/** What a notebook shows things with, under one name: `import * as show from "…/lib/display/index.ts"`. */
export { type Displayable, displayable, JUPYTER_DISPLAY, type MimeBundle } from "./bundle.ts";
export { bundleOf, clearOutput, display, updateDisplay } from "./display.ts";
export { type DisplayOptions, type Frontend, frontend, inNotebook } from "./frontend.ts";
export { markdown } from "./markdown.ts";
export type { AxisOptions, Chart, ChartOptions, Figure, Reference } from "./plot/chart.ts";
export { type BarSeries, barChart } from "./plot/charts/bar-chart.ts";
export { type HeatmapOptions, heatmapChart } from "./plot/charts/heatmap-chart.ts";
export { histogramChart, type Sample } from "./plot/charts/histogram-chart.ts";
export { type LineSeries, lineChart } from "./plot/charts/line-chart.ts";
export { type PanelOptions, panels } from "./plot/charts/panels.ts";
export { type PointSeries, scatterChart } from "./plot/charts/scatter-chart.ts";
export { plot, plotPng } from "./plot/plot.ts";
export { PALETTE } from "./plot/theme.ts";
export { progress, track } from "./progress.ts";
export { sheet } from "./sheet.ts";
export { plusMinus, type TableOptions, table } from "./table.ts";
export { type VideoDisplayOptions, video } from "./video.ts";
