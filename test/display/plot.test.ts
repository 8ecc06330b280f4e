import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { bundleOf } from "../../lib/display/display.ts";
import { svgToPng } from "../../lib/display/media/svg.ts";
import type { Chart, Figure, LineMark, PointsMark } from "../../lib/display/plot/chart.ts";
import { barChart } from "../../lib/display/plot/charts/bar-chart.ts";
import { heatmapChart } from "../../lib/display/plot/charts/heatmap-chart.ts";
import { histogramChart } from "../../lib/display/plot/charts/histogram-chart.ts";
import { lineChart } from "../../lib/display/plot/charts/line-chart.ts";
import { figureOf, panels } from "../../lib/display/plot/charts/panels.ts";
import { scatterChart } from "../../lib/display/plot/charts/scatter-chart.ts";
import { domainOf } from "../../lib/display/plot/domain.ts";
import { plot } from "../../lib/display/plot/plot.ts";
import { drawFigure } from "../../lib/display/plot/still.ts";
import { expectPicture } from "../expect-picture.ts";
import * as gallery from "./gallery.ts";

const PLOTLY = "application/vnd.plotly.v1+json";

/** A level of plotly's own description of its figures. */
type Schema = Record<string, unknown> & { items?: Schema; valType?: string; values?: unknown[] };

/** Whether an entry of an enumeration, a value or a pattern between slashes, admits a value. */
const takes = (value: unknown) => (entry: unknown) =>
  /^\/.*\/$/.test(String(entry)) ? new RegExp(String(entry).slice(1, -1)).test(String(value)) : entry === value;

/** Paths of everything in a figure's JSON that plotly does not know, or whose value it would not take. */
function unknownIn(value: unknown, schema: Schema | undefined, path: string): string[] {
  if (value === undefined) return [];
  if (schema === undefined) return [path];
  if (schema.valType === "enumerated") return schema.values?.some(takes(value)) ? [] : [`${path} = ${value}`];
  if (schema.valType !== undefined || typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) {
    const item = Object.values(schema.items ?? {})[0] as Schema | undefined;
    return value.flatMap((entry, i) => unknownIn(entry, item, `${path}[${i}]`));
  }
  return Object.entries(value).flatMap(([key, child]) => {
    const known = schema[key] ?? schema[key.replace(/^([xy]axis)\d+$/, "$1")];
    return unknownIn(child, known as Schema | undefined, `${path}.${key}`);
  });
}

const schemaFile = createRequire(import.meta.url).resolve("plotly.js/dist/plot-schema.json");

const figured = (shown: Chart | Figure): Figure => ("charts" in shown ? shown : figureOf(shown));

interface Plotly {
  data: { type: string; name?: string; x: (number | null)[]; y: (number | null)[] }[];
  layout: Record<string, { range?: number[]; domain?: number[] }>;
}

const plotlyOf = async (shown: Chart | Figure): Promise<Plotly> => (await bundleOf(plot(shown)))[PLOTLY] as Plotly;

/** Without what JSON leaves out. */
const stripped = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (part === undefined ? [] : [[key, stripped(part)]])),
  );
};

describe("plots", () => {
  for (const [name, make] of Object.entries(gallery)) {
    it(`${name}: the still picture looks as committed`, () => {
      expectPicture(join(import.meta.dirname, "expected"), name, svgToPng(drawFigure(figured(make()))));
    });
  }

  it("show as plotly figure, picture and text", async () => {
    const bundle = await bundleOf(plot(gallery.barsWithErrors()));
    assert.deepEqual(Object.keys(bundle), [PLOTLY, "image/png", "text/plain"]);
    assert.equal(bundle["text/plain"], "[plot: Accuracy by horizon (basic, combined, change)]");
    const png = Buffer.from(bundle["image/png"] as string, "base64");
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1720, 840]);
  });

  it("are figures that plotly.js 3 knows in every attribute", async () => {
    const { traces, layout } = JSON.parse(readFileSync(schemaFile, "utf8"));
    for (const make of Object.values(gallery)) {
      const figure = JSON.parse(JSON.stringify((await bundleOf(plot(make())))[PLOTLY]));
      const all = { ...layout.layoutAttributes };
      for (const { type } of figure.data) Object.assign(all, traces[type].layoutAttributes);
      const unknown = figure.data.flatMap((trace: { type: string }, i: number) =>
        unknownIn({ ...trace, type: undefined }, traces[trace.type].attributes, `${make.name}.data[${i}]`),
      );
      assert.deepEqual([...unknown, ...unknownIn(figure.layout, all, `${make.name}.layout`)], []);
    }
  });

  it("show the same ranges in the same places in both pictures", async () => {
    const chart = gallery.points();
    const { layout } = await plotlyOf(chart);
    assert.deepEqual(layout.xaxis.range, domainOf(chart, "x"));
    assert.deepEqual(layout.yaxis.range, domainOf(chart, "y"));
    const logs = gallery.logarithms();
    assert.deepEqual((await plotlyOf(logs)).layout.xaxis.range, domainOf(logs, "x").map(Math.log10));
  });

  it("hold no number that JSON would lose, and gaps where there is none", async () => {
    const { data } = await plotlyOf(gallery.gapsEverywhere());
    const text = JSON.stringify(data);
    assert.deepEqual(JSON.parse(text), data);
    const line = data.find(({ name, type }) => name === "line" && type === "scatter");
    assert.deepEqual(
      line?.y.flatMap((value, i) => (value === null ? [i] : [])),
      [1, 4, 7, 10],
    );
    const svg = drawFigure(figured(gallery.gapsEverywhere()));
    assert.doesNotMatch(svg, /NaN|Infinity/);
  });

  it("of nothing but gaps are empty, and one value has an axis", () => {
    for (const y of [[null, null], [Number.NaN, Infinity], [3, null], [0, null], []]) {
      const x = y.map((_, i) => i);
      const svg = drawFigure(figureOf(lineChart({ series: [{ name: "a", x, y }] })));
      assert.doesNotMatch(svg, /NaN|Infinity/);
    }
    assert.throws(() => histogramChart({ samples: [{ name: "a", values: [Number.NaN] }] }), /no finite values/);
  });

  it("refuse series that do not fit, and what a log axis cannot show", () => {
    assert.throws(() => lineChart({ series: [{ name: "a", x: [1, 2], y: [1] }] }), /"a" has 2 x, 1 y/);
    assert.throws(() => lineChart({ series: [{ name: "a", x: [1], y: [1], spread: [] }] }), /a spread of 0/);
    assert.throws(() => scatterChart({ series: [{ name: "a", x: [1, 2], y: [1] }] }), /"a" has 2 x, 1 y/);
    assert.throws(
      () => barChart({ categories: ["a"], series: [{ name: "s", values: [1, 2] }] }),
      /2 values for 1 categ/,
    );
    assert.throws(() => heatmapChart({ values: [[1]], xCategories: ["a", "b"], yCategories: ["c"] }), /does not fit/);
    const negative = lineChart({ y: { type: "log" }, series: [{ name: "a", x: [1, 2], y: [1, -1] }] });
    assert.throws(() => drawFigure(figureOf(negative)), /-1 cannot be shown on a log axis/);
  });

  const series = [{ name: "a", x: [0, 1], y: [1, 2] }];
  const samples = [{ name: "a", values: [1, 2] }];
  const cells = { values: [[1]], xCategories: ["a"], yCategories: ["b"] };
  const impossible: Record<string, () => Chart | Figure> = {
    "the range of y is [0,NaN]": () => lineChart({ y: { range: [0, Number.NaN] }, series }),
    "the range of x is [-Infinity,Infinity]": () => scatterChart({ x: { range: [-Infinity, Infinity] }, series }),
    "the range of x is [1,1]": () => lineChart({ x: { range: [1, 1] }, series }),
    "the range of y is [0,10]": () => lineChart({ y: { type: "log", range: [0, 10] }, series }),
    "the width of a figure is NaN": () => lineChart({ width: Number.NaN, series }),
    "the width of a figure is 1000000": () => panels([lineChart({ series })], { width: 1e6 }),
    "the height of a figure is -5": () => barChart({ height: -5, categories: [], series: [] }),
    "the number of columns is 0": () => panels([lineChart({ series })], { columns: 0 }),
    "the number of columns is 1.5": () => panels([lineChart({ series })], { columns: 1.5 }),
    "the number of bins is 0": () => histogramChart({ bins: 0, samples }),
    "the number of bins is 1000000000": () => histogramChart({ bins: 1e9, samples }),
    "the number of bins is NaN": () => histogramChart({ bins: Number.NaN, samples }),
    "the number of decimals is -1": () => heatmapChart({ decimals: -1, ...cells }),
    "the range of the colours is [0,Infinity]": () => heatmapChart({ limits: [0, Infinity], ...cells }),
    "the size of points is NaN": () => scatterChart({ series: [{ ...series[0], size: Number.NaN }] }),
  };
  for (const [problem, make] of Object.entries(impossible))
    it(`refuse at once what cannot be drawn: ${problem}`, () => assert.throws(make, { name: "UserError", problem }));

  it("of numbers of any size, and with lines at no place, hold no number that is not finite", async () => {
    const any = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 5e-324, 1e308, -1e308, 1e16));
    const list = fc.array(any, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(list, any, async (y, at) => {
        const options = { references: [{ y: at, label: "level" }, { x: at }] };
        const one = { name: "a", x: y.map((_, i) => i), y, spread: y.toReversed() };
        const charts = [
          lineChart({ ...options, series: [one] }),
          scatterChart({ ...options, series: [{ ...one, x: y }] }),
          barChart({ categories: y.map((_, i) => `c${i}`), series: [{ name: "a", values: y, spread: y }] }),
          heatmapChart({ values: [y], xCategories: y.map((_, i) => `c${i}`), yCategories: ["b"] }),
          histogramChart({
            samples: [
              { name: "a", values: [0.5, ...y] },
              { name: "none", values: [Number.NaN] },
            ],
          }),
        ];
        for (const chart of charts) {
          const { data, layout } = await plotlyOf(chart);
          assert.deepEqual(JSON.parse(JSON.stringify({ data, layout })), stripped({ data, layout }));
          assert.doesNotMatch(drawFigure(figureOf(chart)), /NaN|Infinity/);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe("many points", () => {
  const lineOf = (chart: Chart): LineMark => chart.marks[0] as LineMark;

  it("become few, with their gaps, their outliers and their ends", () => {
    const { x, y } = lineOf(gallery.aMillionPoints());
    assert.ok(x.length < 10_000, `${x.length}`);
    assert.ok(y.includes(9) && x.includes(777_777));
    assert.deepEqual([x[0], x[x.length - 1]], [0, 999_999]);
    const gap = y.indexOf(null);
    assert.ok((x[gap - 1] as number) === 400_000 && (x[gap + 1] as number) === 500_000);
  });

  it("keep the lowest and the highest of every pixel's column, however they lie", () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, (heights) => {
        const y = Array.from({ length: 30_000 }, (_, i) => heights[i % heights.length] + (i % 7));
        const kept = lineOf(lineChart({ series: [{ name: "a", x: y.map((_, i) => i), y }] }));
        const [low, high] = y.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
        assert.ok(kept.y.includes(low) && kept.y.includes(high));
        assert.equal(kept.x.length, kept.y.length);
      }),
      { numRuns: 20 },
    );
  });

  it("are left as they are where they are not so many, or not in order", () => {
    const y = Array.from({ length: 9000 }, (_, i) => Math.sin(i));
    assert.deepEqual(lineOf(lineChart({ series: [{ name: "a", x: y.map((_, i) => i), y }] })).y, y);
    const back = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 0 : 1000 + i));
    const chart = lineChart({ series: [{ name: "a", x: back, y: back.map((_, i) => i) }] });
    assert.equal(lineOf(chart).x.length, back.length);
  });

  it("that cover each other are drawn once", () => {
    const x = Array.from({ length: 150_000 }, (_, i) => Math.sin(i));
    const [marks] = scatterChart({ series: [{ name: "a", x, y: x.map((v) => v ** 2) }] }).marks as PointsMark[];
    assert.ok(marks.x.length < 5000, `${marks.x.length}`);
  });

  it("become few where every seventh is missing, and where a gap is wide it stays", () => {
    const y = Array.from({ length: 150_000 }, (_, i) => (i % 7 === 0 ? Number.NaN : Math.sin(i)));
    y.fill(Number.NaN, 50_000, 70_000);
    const kept = lineOf(lineChart({ series: [{ name: "a", x: y.map((_, i) => i), y }] }));
    assert.ok(kept.x.length < 10_000, `${kept.x.length}`);
    const inside = kept.x.flatMap((x, i) => (Number(x) >= 50_000 && Number(x) < 70_000 ? [kept.y[i]] : []));
    assert.ok(inside.length > 0 && inside.every((value) => value === null));
  });

  it("of 150 000 are no trouble to bars' and histograms' axes either", () => {
    const values = Array.from({ length: 150_000 }, (_, i) => Math.sin(i));
    const svg = drawFigure(figureOf(histogramChart({ samples: [{ name: "a", values }] })));
    assert.doesNotMatch(svg, /NaN/);
  });
});
