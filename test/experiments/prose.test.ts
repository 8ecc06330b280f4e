import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Report, type Row, reportSchema } from "../../lib/evaluation/report.ts";
import { drawNumbers, drawPage, pages, unmarked } from "../../lib/experiments/prose.ts";
import { ROOT } from "../../lib/util/root.ts";

const row = (model: string, values: number[], more: Partial<Row> = {}): Row => ({
  ...{ world: "courtyard", model, trainingSeed: 0, samplingSeed: 0, actions: "basic", frames: 125 },
  ...{ metric: "accuracy", unit: "%", values, ...more },
});
const report: Report = reportSchema.parse({
  ...{ commit: "abc", created: "2026-12-01T00:00:00Z", machine: "a machine" },
  rows: [
    row("base", [30, 50]),
    row("base", [10, 12], { frames: 381 }),
    row("trained", [60, 90]),
    row("trained", [70, 80], { trainingSeed: 1 }),
    row("base", [-3.25], { metric: "loss", unit: "dB" }),
  ],
});
const draw = (source: string): string =>
  drawNumbers("page.md", source, (name) => {
    assert.equal(name, "main");
    return report;
  });
const mark = (said: string, text = "?"): string =>
  `It is <!-- record main ${said} -->${text}<!-- /record -->, we find.`;
const number = (said: string): string => /-->(.*)<!-- \/record/.exec(draw(mark(said)))?.[1] ?? "";

describe("numbers in prose", () => {
  it("are drawn from the report: mean, error over prompts, decimals, differences", () => {
    assert.equal(number("model=base metric=accuracy frames=125"), "40.0 %");
    assert.equal(number("model=base metric=accuracy frames=125 digits=0"), "40 %");
    assert.equal(number("model=base metric=accuracy frames=125 show=error"), "40.0 ± 10.0 %");
    assert.equal(number("model=trained metric=accuracy"), "75.0 %");
    assert.equal(number("model=trained metric=accuracy trainingSeed=1 minus=base frames=125"), "35.0 points");
    assert.equal(number("model=base metric=loss digits=2"), "−3.25 dB");
  });

  it("are left alone between fences, where examples stand", () => {
    const example = `\`\`\`text\n${mark("model=nobody metric=none")}\n\`\`\``;
    assert.equal(draw(example), example);
  });

  it("stay as they are where they are right, and the text around them always", () => {
    const right = mark("model=base metric=accuracy frames=125", "40.0 %");
    assert.equal(draw(right), right);
    assert.notEqual(draw(right.replace("40.0", "41.0")), right.replace("40.0", "41.0"));
  });

  for (const [what, source, told] of [
    ["no model", mark("metric=accuracy"), /model is missing/],
    ["an unknown word", mark("model=base metric=loss frmes=125"), /there is no .*frmes\n {2}-> did you mean .*frames/],
    ["several kinds of rows", mark("model=base metric=accuracy"), /rows of several kinds/],
    ["a model that there is not", mark("model=bas metric=accuracy"), /no rows/],
    ["a metric that there is not", mark("model=base metric=fps"), /no rows/],
    ["digits that are none", mark("model=base metric=loss digits=x"), /digits/],
    ["a mark that is not closed", "<!-- record main model=base metric=loss -->3", /damaged/],
    ["a mark without words", "<!-- record main -->3<!-- /record -->", /damaged/],
  ] as const) {
    it(`${what}: refused, with the page and the mark`, () => {
      assert.throws(() => draw(source), told);
      assert.throws(() => draw(source), /page\.md/);
    });
  }

  it("are all marked where a page has marks", () => {
    const marked = mark("model=base metric=loss", "−3.3 dB");
    assert.deepEqual(unmarked(marked), []);
    assert.deepEqual(unmarked(`${marked} By 2.5 dB, or 12 ± 3 %.`), ["2.5 dB", "12 ± 3 %"]);
    assert.deepEqual(unmarked("By 2.5 dB."), []);
    assert.deepEqual(unmarked(`${marked}\n\`\`\`\n3 dB\n\`\`\`\n<!-- table -->\n| 3 dB |\n<!-- /table -->`), []);
  });

  for (const path of pages(ROOT)) {
    it(`${path.slice(ROOT.length + 1)} says what its records say`, () => {
      const source = readFileSync(path, "utf8");
      assert.equal(drawPage(ROOT, path), source, "run npm run tables");
      assert.deepEqual(unmarked(source), []);
      // To Markdown a comment that begins a line ends the paragraph before it.
      assert.doesNotMatch(source.replaceAll(/```.*?```/gs, ""), /^\W*<!-- record\b/m, "begin the line with a word");
    });
  }
});
