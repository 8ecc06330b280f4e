export type { AxisOptions, Chart, ChartOptions, Figure, Reference } from "./chart.ts";
export { type BarSeries, barChart } from "./charts/bar-chart.ts";
export { type HeatmapOptions, heatmapChart } from "./charts/heatmap-chart.ts";
export { histogramChart, type Sample } from "./charts/histogram-chart.ts";
export { type LineSeries, lineChart } from "./charts/line-chart.ts";
export { type PanelOptions, panels } from "./charts/panels.ts";
export { type PointSeries, scatterChart } from "./charts/scatter-chart.ts";
export { plot, plotPng } from "./plot.ts";
export { PALETTE } from "./theme.ts";
