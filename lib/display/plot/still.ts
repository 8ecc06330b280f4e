/** The still picture of a figure: Observable Plot draws every panel into a document that is no browser's. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeMarkup, FONT_FAMILY } from "../media/svg.ts";
import type { CellsMark, Chart, Figure } from "./chart.ts";
import { domainOf } from "./domain.ts";
import { EDGE, layoutOf, type Place } from "./layout.ts";
import { drawLegend } from "./legend.ts";
import { bandOf, marksOf, referenceMarks } from "./marks.ts";
import { AXIS, GRID, INK, LABEL_SIZE, MUTED, SEQUENTIAL, TICK_SIZE, TITLE_SIZE } from "./theme.ts";

const page = parseHTML("<html></html>") as unknown as { document: NonNullable<Plot.PlotOptions["document"]> };

/** Where Plot draws, and in which type. */
const SURFACE = {
  document: page.document,
  style: { fontFamily: FONT_FAMILY, fontSize: `${LABEL_SIZE}px`, color: INK },
};

/** On a log axis digits, not prefixes. */
const formatOf = ({ type }: Chart["x"]) => (type === "log" ? { tickFormat: ",~g" } : {});

function axisMarks({ x, y }: Chart, { box, area, turned }: Place): Plot.Markish[] {
  const shared = { fontSize: TICK_SIZE, color: MUTED, labelAnchor: "center", labelArrow: "none" } as const;
  const named = (categories: readonly string[] | undefined) =>
    categories && { ticks: [...categories.keys()], tickFormat: (i: number) => categories[i] };
  const tilt = turned > 0 ? { tickRotate: -turned } : {};
  return [
    ...(x.categories ? [] : [Plot.gridX({ stroke: GRID, strokeOpacity: 1 })]),
    ...(y.categories ? [] : [Plot.gridY({ stroke: GRID, strokeOpacity: 1 })]),
    Plot.axisX({
      ...shared,
      ...{ label: x.label ?? null, labelOffset: box.bottom - area.bottom - 6 },
      ...{ ...tilt, ...formatOf(x), ...named(x.categories) },
    }),
    Plot.axisY({
      ...shared,
      ...{ label: y.label ?? null, labelOffset: area.left - box.left - 6 },
      ...{ ...formatOf(y), ...named(y.categories) },
    }),
  ];
}

function cellsIn({ marks }: Chart): CellsMark | undefined {
  return marks.find((mark) => mark.kind === "cells");
}

/** The scale of a heatmap's colours. */
const colorsOf = ({ limits: [low, high] }: CellsMark): Plot.ScaleOptions => ({
  type: "linear",
  domain: SEQUENTIAL.map((_, i) => low + ((high - low) * i) / (SEQUENTIAL.length - 1)),
  range: [...SEQUENTIAL],
});

/** One panel at its place. */
function drawPanel(chart: Chart, place: Place): string {
  const { x, y, marks, references } = chart;
  const { box, area } = place;
  const cells = cellsIn(chart);
  const foot = marks.some(({ kind }) => kind === "bars") ? [Plot.ruleY([0], { stroke: AXIS })] : [];
  const svg = Plot.plot({
    ...SURFACE,
    ...{ width: box.right - box.left, height: box.bottom - box.top },
    ...{ marginLeft: area.left - box.left, marginRight: box.right - area.right },
    ...{ marginTop: area.top - box.top, marginBottom: box.bottom - area.bottom },
    x: { type: x.type, domain: domainOf(chart, "x") },
    y: { type: y.type, domain: domainOf(chart, "y") },
    ...(cells ? { color: colorsOf(cells) } : {}),
    marks: [
      ...axisMarks(chart, place),
      ...marks.flatMap(bandOf),
      ...marks.flatMap(marksOf),
      ...foot,
      ...references.flatMap(referenceMarks),
    ],
  } as Plot.PlotOptions);
  return `<g transform="translate(${box.left} ${box.top})">${svg.outerHTML}</g>${cells ? drawColorBar(cells, place) : ""}`;
}

const BAR = { width: 220, height: 50, steps: 110 };

function drawColorBar(cells: CellsMark, { area: { right, top } }: Place): string {
  const [low, high] = cells.limits;
  const step = (high - low) / BAR.steps;
  const at = Array.from({ length: BAR.steps }, (_, i) => low + i * step);
  const svg = Plot.plot({
    ...SURFACE,
    ...{
      width: BAR.width,
      height: BAR.height,
      margin: 0,
      marginTop: 18,
      marginBottom: 20,
      marginLeft: 8,
      marginRight: 8,
    },
    x: { domain: [low, high] },
    color: colorsOf(cells),
    marks: [
      Plot.rectY(at, {
        x1: at,
        x2: at.map((value) => value + step),
        y1: 0,
        y2: 1,
        fill: at,
        shapeRendering: "crispEdges",
      }),
      Plot.axisX({ fontSize: TICK_SIZE, color: MUTED, label: null, ticks: 4 }),
      Plot.axisY({ ticks: [] }),
    ],
  } as Plot.PlotOptions);
  const label = `<text x="${BAR.width / 2}" y="12" text-anchor="middle" font-size="${LABEL_SIZE}" fill="${MUTED}">${escapeMarkup(cells.quantity)}</text>`;
  return `<g transform="translate(${right - BAR.width + 8} ${top - BAR.height - 2})">${svg.outerHTML}${label}</g>`;
}

const bold = (text: string, x: number, y: number, size: number): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="600" fill="${INK}">${escapeMarkup(text)}</text>`;

/** The figure as an SVG document. */
export function drawFigure(figure: Figure): string {
  const { title, width, height, charts } = figure;
  const { legendTop, places } = layoutOf(figure);
  const headings = charts.map((chart, i) =>
    chart.title
      ? bold(chart.title, places[i].area.left, places[i].area.top - (cellsIn(chart) ? 30 : 9), LABEL_SIZE + 0.5)
      : "",
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" font-family="${FONT_FAMILY}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    title ? bold(title, EDGE, EDGE + TITLE_SIZE, TITLE_SIZE) : "",
    drawLegend(figure, legendTop),
    ...charts.map((chart, i) => drawPanel(chart, places[i])),
    ...headings,
    "</svg>",
  ].join("");
}
