import assert from "node:assert/strict";
import { from } from "arquero";
import type { MimeBundle } from "../../lib/display/bundle.ts";
import { bundleOf, clearOutput, display, updateDisplay } from "../../lib/display/display.ts";
import type { DisplayOptions, Frontend } from "../../lib/display/frontend.ts";
import { markdown } from "../../lib/display/markdown.ts";
import { blankImage } from "../../lib/display/media/image.ts";
import { videoOf } from "../../lib/display/media/video.ts";
import { lineChart } from "../../lib/display/plot/charts/line-chart.ts";
import { plot } from "../../lib/display/plot/plot.ts";
import { progress, track } from "../../lib/display/progress.ts";
import { sheet } from "../../lib/display/sheet.ts";
import { plusMinus, table } from "../../lib/display/table.ts";
import { video } from "../../lib/display/video.ts";

const clip = videoOf(
  Array.from({ length: 5 }, (_, i) => blankImage(16, 8, [50 * i, 90, 200])),
  10,
);

/** Runs as if in a notebook, and answers with everything that was shown. */
async function inNotebook(run: () => unknown): Promise<[MimeBundle | "clear", DisplayOptions | boolean][]> {
  const shown: [MimeBundle | "clear", DisplayOptions | boolean][] = [];
  const frontend: Frontend = {
    display: (bundle, options = {}) => shown.push([bundle, options]),
    clearOutput: (wait) => shown.push(["clear", wait]),
  };
  const key = Symbol.for("typebook.jupyter");
  Object.assign(globalThis, { [key]: frontend });
  try {
    await run();
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
  return shown;
}

describe("a video", () => {
  it("is an MP4 inside the page, its source on the video element itself", async () => {
    const { "text/html": html, "text/plain": text } = await bundleOf(video(clip, { caption: "a < b", scale: 2 }));
    assert.match(
      String(html),
      /<video src="data:video\/mp4;base64,[A-Za-z0-9+/=]+" width="32" height="16" style="max-width:100%;height:auto" controls loop muted playsinline>/,
    );
    assert.match(String(html), /<figcaption>a &lt; b<\/figcaption>/);
    assert.doesNotMatch(String(html), /<source/);
    assert.equal(text, "[video: a < b, 5 frames of 32x16, 0.5 s]");
    const mp4 = Buffer.from(/base64,([^"]+)/.exec(String(html))?.[1] ?? "", "base64");
    assert.equal(mp4.toString("latin1", 4, 8), "ftyp");
  });
});

describe("a contact sheet in a notebook", () => {
  it("is a PNG with a text for terminals", async () => {
    const bundle = await bundleOf(sheet([clip], { labels: ["base"], title: "A title" }));
    assert.equal(Buffer.from(bundle["image/png"] as string, "base64").toString("latin1", 1, 4), "PNG");
    assert.equal(bundle["text/plain"], "A title\n  base: 5 frames of 16x8 at 10 frames/s");
  });
});

describe("a table", () => {
  const rows = [
    { model: "base", accuracy: 22.14, sd: 1.26, note: null },
    { model: "a|b<c", accuracy: -3, sd: null, note: "x" },
  ];

  it("aligns numbers right, marks what is missing, and escapes each format's own signs", async () => {
    const bundle = await bundleOf(table(rows, { formats: { accuracy: 1 }, headings: { accuracy: "%" }, caption: "T" }));
    assert.equal(
      bundle["text/plain"],
      ["T", "model     %    sd  note", "-----  ----  ----  ----", "base   22.1  1.26  –", "a|b<c  −3.0     –  x"].join(
        "\n",
      ),
    );
    assert.match(String(bundle["text/html"]), /<td align="left">a\|b&lt;c<\/td><td align="right">−3.0<\/td>/);
    assert.match(String(bundle["text/markdown"]), /\| a\\\|b&lt;c \| −3.0 \| – \| x \|/);
  });

  it("takes arquero tables, chosen columns, and formats that see the whole row", async () => {
    const { "text/plain": text } = await bundleOf(
      table(from(rows), {
        columns: ["accuracy", "model"],
        formats: { accuracy: (value, row) => plusMinus(value as number, row.sd as number | null) },
      }),
    );
    assert.equal(text, ["  accuracy  model", "----------  -----", "22.1 ± 1.3  base", "      −3.0  a|b<c"].join("\n"));
  });

  it("in Markdown keeps every cell on its line and in its place, whatever it says", async () => {
    const breaks = ["a\nb", "a\r\nb", "a\rb", "a\u2028b", "a\u2029b", "a\vb", "a\fb", "a\u0085b"];
    const signs = ["a|b", "a\\|b", "`a|b`", "<b>", "*a*", "[a](b)", "a_b_", "$a$", "&amp;", "~~a~~", "# a"];
    const rows = [...breaks, ...signs].map((text) => ({ text, "head\ning": 1 }));
    const bundle = await bundleOf(table(rows, { caption: "two\nlines" }));
    const lines = String(bundle["text/markdown"]).split(/[\n\r\v\f\u0085\u2028\u2029]/);
    assert.equal(lines.length, rows.length + 4);
    assert.equal(lines[0], "**two lines**");
    for (const line of lines.slice(2)) assert.equal(line.match(/(?<!\\)(?:\\\\)*\|/g)?.length, 3, line);
    assert.equal(lines[4], "| a<br>b | 1 |");
    assert.ok(lines.includes("| \\*a\\* | 1 |") && lines.includes("| &lt;b&gt; | 1 |"));
    assert.equal(String(bundle["text/plain"]).split("\n").length, rows.length + 3);
  });

  it("names a column that is not there", async () => {
    assert.throws(() => bundleOf(table(rows, { formats: { accurcy: 1 } })), /no column "accurcy"/);
  });
});

describe("display", () => {
  it("sends bundles to the notebook, with ids and updates", async () => {
    const shown = await inNotebook(async () => {
      await display(markdown("*hi*"), { displayId: "a" });
      await updateDisplay("a", 7);
      clearOutput({ wait: true });
    });
    assert.deepEqual(shown, [
      [{ "text/markdown": "*hi*", "text/plain": "*hi*" }, { displayId: "a" }],
      [{ "text/plain": "7" }, { displayId: "a", update: true }],
      ["clear", true],
    ]);
  });

  it("waits for bundles that take time", async () => {
    const [[bundle]] = await inNotebook(() => display(video(clip)));
    assert.ok(typeof bundle === "object" && "text/html" in bundle);
  });
});

describe("progress in a notebook", () => {
  it("is one output, redrawn in place", async () => {
    const shown = await inNotebook(() => {
      const bar = progress("steps", 4, { unit: "steps" });
      bar.advance();
      bar.update(4);
      bar.finish("done");
    });
    const options = shown.map(([, given]) => given as DisplayOptions);
    assert.deepEqual(
      options.map(({ update }) => update),
      [false, true],
    );
    assert.equal(new Set(options.map(({ displayId }) => displayId)).size, 1);
    assert.match((shown[1][0] as MimeBundle)["text/plain"], /^steps \[#{24}\] 4\/4 .* done$/);
  });

  it("follows a loop, and ends with it when it is left early", async () => {
    const shown = await inNotebook(() => {
      for (const item of track("items", ["a", "b", "c"])) if (item === "b") break;
    });
    const [last] = shown[shown.length - 1];
    assert.match((last as MimeBundle)["text/plain"], /1\/3/);
  });
});

describe("on GitHub, which runs no script and strips styles and videos", () => {
  it("a picture, a table and a line of text are left of sheets, plots, tables and progress", async () => {
    const chart = plot(lineChart({ series: [{ name: "a", x: [1, 2], y: [1, 4] }] }));
    for (const shown of [sheet([clip]), chart]) {
      const bundle = await bundleOf(shown);
      assert.equal(typeof bundle["image/png"], "string");
      assert.equal(bundle["text/html"], undefined, "GitHub would take it instead of the picture");
    }
    const { "text/html": html } = await bundleOf(table([{ a: 1 }], { caption: "T" }));
    assert.doesNotMatch(String(html), /style|<script|class=/);
    const [[line]] = await inNotebook(() => progress("steps", 3).finish());
    assert.deepEqual(Object.keys(line), ["text/plain"]);
  });

  it("a video's caption is left, for which a contact sheet stands beside it", async () => {
    const { "text/html": html } = await bundleOf(video(clip, { caption: "what it shows" }));
    assert.match(String(html).replace(/<video.*?<\/video>/, ""), /<figcaption>what it shows<\/figcaption>/);
  });
});
