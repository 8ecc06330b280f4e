import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Failure, lineInCell } from "../../lib/notebook/failure.ts";
import { type Cell, type Notebook, readNotebook } from "../../lib/notebook/notebook.ts";
import { type RunOptions, runNotebook } from "../../lib/notebook/run.ts";
import { ensureNotebooks } from "../../lib/runtime/setup/all.ts";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { pythonProgram } from "../../lib/runtime/setup/python.ts";
import { runCommand } from "../../lib/runtime/setup/run-command.ts";
import { code, outputsOf, temporaryFolder, tracebackOf, writeNotebook } from "./fixtures.ts";

interface Run {
  readonly failure: Failure | undefined;
  readonly executed: Notebook;
  readonly original: string;
  readonly log: string;
}

async function run(kernel: string, cells: Cell[], options: Partial<RunOptions> = {}): Promise<Run> {
  const path = writeNotebook("01-test.ipynb", ...cells);
  const output = temporaryFolder();
  const lines: string[] = [];
  const failure = await runNotebook(path, {
    python: pythonProgram("python"),
    kernel,
    seconds: 60,
    shared: {},
    parameters: {},
    output,
    write: false,
    log: (line) => lines.push(line),
    ...options,
  });
  const executed = readNotebook(join(output, basename(path)));
  return { failure, executed, original: readFileSync(path, "utf8"), log: lines.join("\n") };
}

const PARAMETERS = code('let profile: "ci" | "paper" = "ci";\nlet n = 2;', { tags: ["parameters"] });

const LINES = Array.from({ length: 3000 }, (_, i) => `${i}\n`).join("");

/** The same notebooks on both kernels; only ours knows the lines of errors that happen while a cell runs. */
for (const kernel of ["worldcompass-typescript", "tslab-mended"]) {
  describe(`notebooks on ${kernel}`, function () {
    this.timeout(120_000);
    const ours = kernel === "worldcompass-typescript";

    before(async function () {
      if (!(await ensureNotebooks())) this.skip();
    });

    it("run to the end: outputs, parameters, library imports, floods, skipped cells; the original is replaced if asked", async () => {
      const library = JSON.stringify(join(ROOT, "lib", "display", "index.ts"));
      const { failure, executed, original, log } = await run(
        kernel,
        [
          code(`import { display, markdown, table } from ${library};`),
          PARAMETERS,
          code("console.log(profile, n);\nn + 1"),
          code('await display(markdown("**shown**"));\ntable([{ a: 1 }])'),
          code('throw new Error("never run")', { tags: ["skip-execution"] }),
          code("for (let i = 0; i < 3000; i++) console.log(i);"),
          code("let total = 0;\nfor (const k of [1, 2, 3]) total += await Promise.resolve(k);\ntotal"),
        ],
        { shared: { profile: "paper", absent: 1 }, parameters: { n: 40 }, write: true },
      );
      assert.equal(failure, undefined, log);
      const shown = [[], [], [], ["paper 40\n", "41"], ["**shown**", "a\n-\n1"], [], ["6"]];
      for (const notebook of [executed, JSON.parse(original)]) {
        const outputs = outputsOf(notebook);
        const [flood] = outputs.splice(6, 1);
        assert.ok(flood.length === 1 && flood[0] === LINES, "each of 3000 lines is there once and in order");
        assert.deepEqual(outputs, shown);
      }
      assert.match(log, /^01-test.ipynb: 7 cells on [\s\S]*passed in/);
    });

    it("show every kind of error: thrown, late, of syntax, of types", async () => {
      const failing = (source: string) => code(source, { tags: ["raises-exception"] });
      const late = 'void Promise.reject(new Error("lost"));\nawait new Promise((resolve) => setTimeout(resolve, 50));';
      const { failure, executed, log } = await run(kernel, [
        code("let a = 1;"),
        failing('throw new RangeError("expected")'),
        failing(late),
        failing("const b = 2;\nconst = 2;"),
        failing('\n\na = "text";'),
        code("a"),
      ]);
      assert.equal(failure, undefined, log);
      const [, thrown, lost, syntax, types, after] = outputsOf(executed).map(([first]) => first);
      assert.deepEqual([thrown, lost, after], ["RangeError: expected", "Error: lost", "1"]);
      assert.match(types, /Type 'string' is not assignable to type 'number'/);
      assert.match(syntax, /[Vv]ariable declaration expected/);
      assert.deepEqual(
        [3, 4].map((cell) => lineInCell(tracebackOf(executed, cell))),
        [2, 3],
      );
    });

    it("fail with cell, name and value, run nothing after that, and leave the original as it was", async () => {
      const cells = [code("const a = 1;"), code('\nthrow new TypeError("broken " + a);'), code("console.log(3)")];
      const { failure, executed, original, log } = await run(kernel, cells, { write: true });
      assert.deepEqual([failure?.cell, failure?.ename, failure?.evalue], [1, "TypeError", "broken 1"]);
      assert.deepEqual(outputsOf(executed), [[], ["TypeError: broken 1"], []]);
      assert.deepEqual(outputsOf(JSON.parse(original)), [[], [], []]);
      assert.match(log, /01-test.ipynb: cell 2(, line 2)?: TypeError: broken 1/);
      if (ours) assert.equal(failure?.line, 2);
    });

    it("are interrupted at a cell's time limit, even where an error is expected", async () => {
      const endless = code("while (true);", { timeout: 1, tags: ["raises-exception"] });
      const { failure, executed } = await run(kernel, [code("1 + 1"), endless]);
      assert.deepEqual([failure?.cell, failure?.ename], [1, "CellTimeout"]);
      assert.match(failure?.evalue ?? "", /ran longer than 1 s and was interrupted/);
      assert.deepEqual(outputsOf(executed)[0], ["2"]);
    });

    it("fail on an impossible value of a parameter", async () => {
      const { failure } = await run(kernel, [PARAMETERS], { parameters: { profile: "huge" } });
      assert.deepEqual([failure?.cell, failure?.line], [1, 2]);
    });
  });
}

describe("a notebook that cannot start", () => {
  it("names the kernel that is not there", async function () {
    this.timeout(60_000);
    if (!(await ensureNotebooks())) this.skip();
    const { failure } = await run("no-such-kernel", [code("1")]);
    assert.equal(failure?.ename, "NoSuchKernel");
    assert.equal(failure?.cell, undefined);
  });
});

describe("npm run notebooks", () => {
  it("exits with 1 where a notebook fails, and says notebook, cell, line, name and value", async function () {
    this.timeout(120_000);
    if (!(await ensureNotebooks())) this.skip();
    const folder = dirname(writeNotebook("07-broken.ipynb", code("1"), code("\n\nthrow new RangeError('too far');")));
    const command = ["--import", "tsx", join(ROOT, "lib", "cli", "notebooks.ts"), "--folder", folder];
    const { ok, output } = await runCommand(process.execPath, command, { seconds: 100, cwd: ROOT });
    assert.ok(!ok);
    assert.match(output, /07-broken\.ipynb: cell 2, line 3: RangeError: too far\n {2}> throw new RangeError/);
    assert.match(output, /0 of 1 notebooks passed/);
  });
});
