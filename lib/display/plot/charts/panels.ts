import { UserError } from "../../../util/errors.ts";
import type { Annotation, Axis, Layout, PlotSpec, ReferenceLine } from "../spec.ts";
import { HEIGHT, WIDTH } from "../theme.ts";

export interface PanelOptions {
  title?: string;
  /** Panels in a row; default all. */
  columns?: number;
  /** Pixels of the whole figure. */
  width?: number;
  height?: number;
}

/** Room between panels for axis titles and labels, in pixels. */
const GAP = { x: 84, y: 104 };
/** Margins around all panels, roughly: gaps are a share of what they leave. */
const MARGIN = { x: 86, y: 140 };

const suffix = (n: number): string => (n === 0 ? "" : String(n + 1));

/** Part of the plot area of cell `index` out of `count`, with `gap` pixels in `room`. */
function span(index: number, count: number, gap: number, room: number): [number, number] {
  const between = count > 1 ? gap / room : 0;
  const size = (1 - between * (count - 1)) / count;
  return [index * (size + between), index * (size + between) + size];
}

const renamed = (reference: string, n: number): string => reference.replace(/^[xy]/, (axis) => axis + suffix(n));

const moved = (shape: ReferenceLine, n: number): ReferenceLine => ({
  ...shape,
  xref: renamed(shape.xref, n),
  yref: renamed(shape.yref, n),
});

interface Placed {
  readonly axes: Record<string, Axis>;
  readonly heading: Annotation | undefined;
}

function place({ layout }: PlotSpec, n: number, x: readonly [number, number], y: readonly [number, number]): Placed {
  const heading: Annotation | undefined = layout.title && {
    text: layout.title.text,
    x: x[0],
    y: y[1],
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
  };
  const axes = {
    [`xaxis${suffix(n)}`]: { ...layout.xaxis, domain: x, anchor: `y${suffix(n)}` },
    [`yaxis${suffix(n)}`]: { ...layout.yaxis, domain: y, anchor: `x${suffix(n)}` },
  };
  return { axes, heading };
}

/**
 * Several charts in one figure, row by row; each chart's title becomes its panel's heading. Series of the same name
 * share one entry of the legend, so give them the same colour.
 */
export function panels(charts: readonly PlotSpec[], options: PanelOptions = {}): PlotSpec {
  if (charts.length === 0) throw new UserError("a figure without panels", "give at least one chart");
  const modes = new Set(charts.flatMap(({ layout }) => layout.barmode ?? []));
  if (modes.size > 1) {
    throw new UserError(
      "grouped bars and histograms in one figure",
      "give them a figure each: plotly arranges both alike",
    );
  }
  const columns = Math.min(options.columns ?? charts.length, charts.length);
  const rows = Math.ceil(charts.length / columns);
  const { width = WIDTH, height = rows === 1 ? HEIGHT : rows * 300 + 60 } = options;
  const placed = charts.map((chart, n) => {
    const row = rows - 1 - Math.floor(n / columns);
    const x = span(n % columns, columns, GAP.x, width - MARGIN.x);
    return place(chart, n, x, span(row, rows, GAP.y, height - MARGIN.y));
  });
  const names = new Set<string>();
  const data = charts.flatMap((chart, n) =>
    chart.data.map((trace) => {
      const repeated = trace.name !== undefined && names.has(trace.name);
      if (trace.name !== undefined) names.add(trace.name);
      const shown = repeated ? { showlegend: false } : {};
      return {
        ...trace,
        legendgroup: trace.legendgroup ?? trace.name,
        ...shown,
        xaxis: `x${suffix(n)}`,
        yaxis: `y${suffix(n)}`,
      };
    }),
  );
  const layout: Layout = {
    title: options.title === undefined ? undefined : { text: options.title },
    width,
    height,
    barmode: [...modes][0],
    shapes: charts.flatMap((chart, n) => (chart.layout.shapes ?? []).map((shape) => moved(shape, n))),
    annotations: placed.flatMap(({ heading }) => (heading ? [heading] : [])),
    ...Object.assign({}, ...placed.map(({ axes }) => axes)),
  };
  return { data, layout };
}
