import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { barChart, bundleOf, heatmapChart, lineChart, type PlotSpec, plot } from "../../lib/display/index.ts";
import { svgToPng } from "../../lib/display/media/svg.ts";
import { drawPlot } from "../../lib/display/plot/draw.ts";
import { niceTicks, tickLabel } from "../../lib/display/plot/ticks.ts";
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

describe("plots", () => {
  for (const [name, make] of Object.entries(gallery)) {
    it(`${name}: the still picture looks as committed`, () => {
      expectPicture(join(import.meta.dirname, "expected"), name, svgToPng(drawPlot(make()).svg));
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

  it("show the same ranges in the figure as in the picture", async () => {
    const spec = gallery.points();
    const { panels } = drawPlot(spec);
    const figure = (await bundleOf(plot(spec)))[PLOTLY] as { layout: { xaxis: { range: number[] } } };
    assert.deepEqual(figure.layout.xaxis.range, panels[0].x.range);
  });

  it("refuse what they cannot draw, and series that do not fit", () => {
    const pie = { data: [{ type: "pie" }], layout: {} } as unknown as PlotSpec;
    assert.throws(() => drawPlot(pie), /cannot show a trace of type "pie"/);
    assert.throws(() => drawPlot({ data: [], layout: {} }), /a plot without data/);
    assert.throws(() => lineChart({ series: [{ name: "a", x: [1, 2], y: [1] }] }), /"a" has 2 x, 1 y/);
    assert.throws(
      () => barChart({ categories: ["a"], series: [{ name: "s", values: [1, 2] }] }),
      /2 values for 1 categ/,
    );
    assert.throws(() => heatmapChart({ values: [[1]], xCategories: ["a", "b"], yCategories: ["c"] }), /does not fit/);
    const negative = lineChart({ y: { type: "log" }, series: [{ name: "a", x: [1, 2], y: [1, -1] }] });
    assert.throws(() => drawPlot(negative), /-1 cannot be shown on a log axis/);
  });
});

describe("ticks", () => {
  it("lie inside the range, evenly, and are neither few nor many", () => {
    const range = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 3, max: 10 }), ([low, span], count) => {
        const { values, step } = niceTicks(low, low + span, count);
        assert.ok(values.every((value) => value >= low - step * 1e-6 && value <= low + span + step * 1e-6));
        assert.ok(values.length >= count / 2 - 1 && values.length <= 2 * count + 1, `${values.length} for ${count}`);
      }),
    );
  });

  it("are labelled as plotly labels them", () => {
    assert.equal(tickLabel(-0.25, 0.05), "−0.25");
    assert.equal(tickLabel(0, 5), "0");
    assert.equal(tickLabel(20000, 10000), "20k");
    assert.equal(tickLabel(1.5e6, 5e5), "1.5M");
  });
});
