import assert from "node:assert/strict";
import { bundleOf } from "../../lib/display/display.ts";
import { plainText, plotlyText } from "../../lib/display/names.ts";
import { barChart } from "../../lib/display/plot/charts/bar-chart.ts";
import { heatmapChart } from "../../lib/display/plot/charts/heatmap-chart.ts";
import { lineChart } from "../../lib/display/plot/charts/line-chart.ts";
import { plot } from "../../lib/display/plot/plot.ts";
import { sheet } from "../../lib/display/sheet.ts";
import { table } from "../../lib/display/table.ts";
import { video } from "../../lib/display/video.ts";

/** Names as somebody else's data may hold them. */
const NAMES = [
  "<img src=x onerror=alert(1)>",
  "</td><script>alert(1)</script>",
  '<a href="javascript:alert(1)">here</a>',
  "\"onload='alert(1)",
  "$\\href{javascript:alert(1)}{x}$",
  "[x](javascript:alert(1))",
  "\u001b]0;title\u0007\u001b[2J",
  "\u0000\ud800\uffff",
  "safe\u202eevil",
  "&lt;b&gt;",
];

const clip = { frames: new Uint8Array(2 * 16 * 16 * 3), width: 16, height: 16, fps: 4 };

/** Every text in a value, at any depth. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

const series = (name: string) => ({ name, x: [1, 2], y: [1, 2] });

describe("a name from somebody's data", () => {
  for (const name of NAMES) {
    const shown = {
      table: () => table([{ [name]: name, n: 1 }], { caption: name }),
      sheet: () => sheet([clip], { title: name, labels: [name], frames: 1, headings: [name] }),
      lines: () =>
        plot(lineChart({ series: [series(name), series("b")], title: name, x: { title: name, unit: name } })),
      bars: () =>
        plot(
          barChart({
            categories: [name, "b"],
            series: [{ name, values: [1, 2] }],
            references: [{ y: 1, label: name }],
          }),
        ),
      heatmap: () =>
        plot(heatmapChart({ values: [[1, 2]], yCategories: [name], xCategories: [name, "b"], quantity: name })),
    };
    for (const [kind, make] of Object.entries(shown)) {
      it(`is text in every format of a ${kind}: ${JSON.stringify(name)}`, async () => {
        const { "text/plain": plain, "text/markdown": markdown, "image/png": png, ...rich } = await bundleOf(make());
        assert.doesNotMatch(String(plain), /(?![\n\t])[\p{Cc}\u202a-\u202e]/u);
        if (png) assert.equal(Buffer.from(String(png), "base64").toString("latin1", 1, 4), "PNG");
        if (markdown) assert.doesNotMatch(String(markdown), /<(?!br>)|(?<!\\)[\]$]/);
        for (const text of textsIn(rich)) {
          assert.doesNotMatch(text, /<(img|script|a |\/td><s)/);
          if (!("text/html" in rich)) assert.doesNotMatch(text, /[<$]/);
        }
      });
    }
  }

  it("is text in a video's caption", async () => {
    const { "text/html": html, "text/plain": plain } = await bundleOf(video(clip, { caption: NAMES.join(" ") }));
    assert.doesNotMatch(String(html), /<(img|script|a )/);
    assert.ok(!String(plain).includes("\u001b"));
  });

  it("keeps what is no command", () => {
    assert.equal(plotlyText("ä ± 日本 a|b"), "ä ± 日本 a|b");
    assert.equal(plainText("ä\tb\r\nc"), "ä\tb\nc");
  });
});
