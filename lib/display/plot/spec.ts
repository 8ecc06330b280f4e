/**
 * The part of plotly.js's figure format (3.x) that the notebooks use and the still renderer draws. What is not here is
 * drawn by neither, so the interactive and the still picture always show the same. The one addition: where labels of
 * reference lines stand is said by `ReferenceLine`, and becomes annotations.
 */
export type Coordinate = number | string;

export interface Line {
  color?: string;
  /** Pixels. */
  width?: number;
  dash?: "solid" | "dash" | "dot";
}

export interface ErrorBars {
  type: "data";
  /** Half length of each bar, in units of y. */
  array: readonly number[];
  color?: string;
  thickness?: number;
  width?: number;
}

interface Common {
  name?: string;
  showlegend?: boolean;
  legendgroup?: string;
  opacity?: number;
  hoverinfo?: "skip";
  /** Axis names: "x", "x2", ... and "y", "y2", ...; default the first. */
  xaxis?: string;
  yaxis?: string;
}

export interface ScatterTrace extends Common {
  type: "scatter";
  x: readonly Coordinate[];
  /** A null breaks the line. */
  y: readonly (number | null)[];
  mode: "lines" | "markers" | "lines+markers";
  line?: Line;
  marker?: { color?: string; size?: number };
  error_y?: ErrorBars;
  /** Fill the polygon of the points (error bands). */
  fill?: "toself";
  fillcolor?: string;
}

export interface BarTrace extends Common {
  type: "bar";
  x: readonly Coordinate[];
  y: readonly (number | null)[];
  marker?: { color?: string };
  error_y?: ErrorBars;
}

export interface HistogramTrace extends Common {
  type: "histogram";
  x: readonly number[];
  /** Bins from `start` to `end`, each `size` wide; values outside are not counted. */
  xbins: { start: number; end: number; size: number };
  autobinx: false;
  histnorm?: "" | "percent";
  marker?: { color?: string };
}

export interface HeatmapTrace extends Common {
  type: "heatmap";
  /** Rows of cells, one row a y value; null leaves a cell empty. */
  z: readonly (readonly (number | null)[])[];
  x: readonly Coordinate[];
  y: readonly Coordinate[];
  colorscale: readonly (readonly [at: number, color: string])[];
  zmin: number;
  zmax: number;
  colorbar?: { title?: { text: string } };
  /** Written into the cells, with `texttemplate: "%{text}"`. */
  text?: readonly (readonly string[])[];
  texttemplate?: "%{text}";
}

export type Trace = ScatterTrace | BarTrace | HistogramTrace | HeatmapTrace;

export interface Axis {
  title?: { text: string };
  type?: "linear" | "log" | "category";
  /** In axis units (base-10 exponents on a log axis); computed from the data when left out. */
  range?: readonly [number, number];
  /** Part of the figure's plot area, 0 to 1, that the axis spans; default all. */
  domain?: readonly [number, number];
  /** The axis of the other direction that this one belongs to; default that of the same number. */
  anchor?: string;
  /** Categories in order, for a category axis. */
  categoryarray?: readonly string[];
  tickvals?: readonly number[];
  ticktext?: readonly string[];
}

/**
 * A straight line right across a panel, for chance levels, published numbers and boundaries. Level: `yref` is the axis
 * and `xref` its partner's domain ("x domain", 0 to 1). Upright: the other way round.
 */
export interface ReferenceLine {
  type: "line";
  xref: string;
  yref: string;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  line: Line;
  /** Stands inside the panel: at the right end of a level line, at the top of an upright one. */
  label?: { text: string; color?: string };
}

/** Free text, placed in the plot area's units (0 to 1): headings of panels. */
export interface Annotation {
  text: string;
  x: number;
  y: number;
  xref: "paper";
  yref: "paper";
  xanchor: "left" | "center";
  yanchor: "bottom";
  showarrow: false;
}

export interface Layout {
  title?: { text: string };
  /** Pixels. */
  width?: number;
  height?: number;
  barmode?: "group" | "overlay";
  showlegend?: boolean;
  shapes?: readonly ReferenceLine[];
  annotations?: readonly Annotation[];
  xaxis?: Axis;
  yaxis?: Axis;
  /** xaxis2, yaxis2 and so on. */
  [axis: `xaxis${number}` | `yaxis${number}`]: Axis | undefined;
}

export interface PlotSpec {
  data: readonly Trace[];
  layout: Layout;
}
