import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureNotebooks } from "../../lib/runtime/setup/all.ts";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { pythonProgram } from "../../lib/runtime/setup/python.ts";
import { runProgram } from "../../lib/runtime/setup/run-program.ts";
import { code, writeNotebook } from "./fixtures.ts";

const LIBRARY = JSON.stringify(join(ROOT, "lib", "display", "index.ts"));

/** One cell for each thing that the library shows. */
const SHOWS = [
  code(`import * as show from ${LIBRARY};
const frames = new Uint8Array(8 * 48 * 80 * 3).map((_, i) => (i * 7) % 251);
const clip = { frames, width: 80, height: 48, fps: 8 };
show.video(clip)`),
  code("show.sheet([clip], { labels: ['clip'], frames: 4 })"),
  code('show.plot(show.lineChart({ series: [{ name: "a", x: [1, 2, 3], y: [1, 4, 9] }] }))'),
  code('show.table([{ model: "base", accuracy: 29.6 }])'),
  code(
    "let sum = 0;\nfor (const i of show.track('steps', [1, 2, 3])) sum += i;\nawait show.display(show.markdown('**shown**'));",
  ),
];

const nbconvert = (path: string) => {
  const options = ["nbconvert", "--execute", "--to", "html", "--output-dir", dirname(path)];
  return runProgram(pythonProgram("jupyter"), [...options, path], { seconds: 300, cwd: dirname(path) });
};

const nbmake = (path: string) => {
  const options = ["-m", "pytest", "--nbmake", "-p", "no:cacheprovider", "--quiet"];
  return runProgram(pythonProgram("python"), [...options, path], { seconds: 600, cwd: dirname(path) });
};

describe("without our runner", function () {
  this.timeout(700_000);

  before(async function () {
    if (!(await ensureNotebooks())) this.skip();
  });

  it("jupyter nbconvert --execute runs a notebook, and its page holds video, pictures, table and text", async () => {
    const path = writeNotebook("01-shows.ipynb", ...SHOWS);
    const { ok, output } = await nbconvert(path);
    assert.ok(ok, output);
    const page = readFileSync(path.replace(".ipynb", ".html"), "utf8");
    assert.match(page, /<video[^>]* src="data:video\/mp4;base64,/);
    assert.ok(page.split("data:image/png;base64,").length > 2, "the sheet and the plot's picture");
    assert.match(page, /<td[^>]*>29\.6/);
    assert.match(page, /<strong>shown<\/strong>/);
    assert.match(page, /steps[\s\S]{0,200}3\/3/);
  });

  it("jupyter nbconvert --execute fails where a cell does", async () => {
    const { ok, output } = await nbconvert(writeNotebook("01-fails.ipynb", code("let a: number = 'text';")));
    assert.ok(!ok);
    assert.match(output, /In \[1\]:1:5 - error TS2322/);
  });

  it("pytest --nbmake runs a notebook that imports the library", async () => {
    const { ok, output } = await nbmake(writeNotebook("01-shows.ipynb", ...SHOWS));
    assert.ok(ok, output);
    assert.match(output, /1 passed/);
  });

  it("pytest --nbmake fails where a cell does, with its error", async () => {
    const { ok, output } = await nbmake(writeNotebook("01-fails.ipynb", code("throw new RangeError('too far');")));
    assert.ok(!ok);
    assert.match(output, /RangeError: too far/);
  });
});
