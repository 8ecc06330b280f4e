import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Failure, lineInCell } from "../../lib/notebook/failure.ts";
import { type Cell, type Notebook, readNotebook } from "../../lib/notebook/notebook.ts";
import { type NotebookOptions, runNotebook } from "../../lib/notebook/run.ts";
import { ensureNotebooks } from "../../lib/runtime/setup/all.ts";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { pythonProgram } from "../../lib/runtime/setup/python.ts";
import { runProgram } from "../../lib/runtime/setup/run-program.ts";
import { isAlive, parentOf } from "../../lib/util/alive.ts";
import { UserError } from "../../lib/util/errors.ts";
import { code, outputsOf, temporaryFolder, tracebackOf, writeNotebook } from "./fixtures.ts";

interface Run {
  readonly failure: Failure | undefined;
  readonly executed: Notebook;
  readonly original: string;
  readonly log: string;
}

async function run(kernel: string, cells: Cell[], options: Partial<NotebookOptions> = {}): Promise<Run> {
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

    it("pass with half a character in an output, which no file can hold", async () => {
      const { failure, executed } = await run(kernel, [code('console.log("a\\ud800b");')]);
      assert.equal(failure, undefined);
      assert.match(outputsOf(executed)[0][0], /a.+b/);
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

/** Every process that this one started, and what these started. */
function descendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .map(Number)
    .filter((other) => other > 0)
    .map((other) => [other, parentOf(other)] as const);
  const children = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

async function until(condition: () => boolean, seconds: number): Promise<boolean> {
  for (const end = Date.now() + 1000 * seconds; !condition(); ) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

describe("a notebook's runner that is ended", function () {
  this.timeout(240_000);
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    it(`by ${signal} leaves no process behind`, async function () {
      if (process.platform !== "linux" || !(await ensureNotebooks())) this.skip();
      const folder = dirname(writeNotebook("01-endless.ipynb", code("1"), code("while (true);")));
      const command = ["--import", "tsx", join(ROOT, "lib", "cli", "notebooks.ts"), "--folder", folder];
      const child = spawn(process.execPath, command, { cwd: ROOT, stdio: "ignore" });
      const kernels = (): number[] => descendants(child.pid as number);
      const computing = (): boolean => kernels().length >= 3 && kernels().some((pid) => secondsOf(pid) > 2);
      assert.ok(await until(computing, 120), "no kernel started");
      const started = kernels();
      child.kill(signal);
      assert.ok(await until(() => !started.some(isAlive), 60), `${started.filter(isAlive)} live on`);
    });
  }
});

/** Processor time of a process. */
function secondsOf(pid: number): number {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  const [, user, system] = /\)(?: \S+){11} (\d+) (\d+)/.exec(stat) ?? [];
  return (Number(user ?? 0) + Number(system ?? 0)) / 100;
}

describe("a notebook file", () => {
  it("whose cells are none is refused, and says which", () => {
    const fine = code("1");
    const cells: unknown[] = [
      null,
      7,
      [],
      { ...fine, cell_type: "kode" },
      { ...fine, cell_type: undefined },
      { ...fine, source: 7 },
      { ...fine, source: ["1", 2] },
      { ...fine, metadata: null },
      ...["abc", 0, -1, null, "60", [], true].map((timeout) => ({ ...fine, metadata: { timeout } })),
      { ...fine, metadata: { tags: "skip-execution" } },
    ];
    for (const cell of cells) {
      const path = writeNotebook("01.ipynb", fine, cell as Cell);
      assert.throws(() => readNotebook(path), /UserError.*01\.ipynb, cell 2: /s, JSON.stringify(cell));
    }
    assert.throws(() => readNotebook(join(temporaryFolder(), "none.ipynb")), UserError);
  });
});

describe("npm run notebooks", () => {
  it("exits with 1 where a notebook fails, and says notebook, cell, line, name and value", async function () {
    this.timeout(120_000);
    if (!(await ensureNotebooks())) this.skip();
    const folder = dirname(writeNotebook("07-broken.ipynb", code("1"), code("\n\nthrow new RangeError('too far');")));
    const command = ["--import", "tsx", join(ROOT, "lib", "cli", "notebooks.ts"), "--folder", folder];
    const { ok, output } = await runProgram(process.execPath, command, { seconds: 100, cwd: ROOT });
    assert.ok(!ok);
    assert.match(output, /07-broken\.ipynb: cell 2, line 3: RangeError: too far\n {2}> throw new RangeError/);
    assert.match(output, /0 of 1 notebooks passed/);
  });
});
