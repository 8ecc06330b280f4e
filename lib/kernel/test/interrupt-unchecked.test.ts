import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Executed, KernelClient } from "./client.ts";

/** Work in which no loop and no await of the cell's own can look at the interrupt. */
const SHAPES: Record<string, string> = {
  recursion: "(function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2); })(60)",
  "a recursive arrow": "const fa = (n: number): number => (n < 2 ? n : fa(n - 1) + fa(n - 2)); fa(60)",
  "functions that call each other":
    "function even(n: number): number { return n < 1 ? 1 : odd(n - 1) + odd(n - 1); } function odd(n: number): number { return even(n - 1); } even(200)",
  "a recursive method":
    "class F { f(n: number): number { return n < 2 ? n : this.f(n - 1) + this.f(n - 2); } } new F().f(60)",
  "a recursive getter":
    "const g = { n: 60, get f(): number { this.n -= 1; const v = this.n < 1 ? 1 : this.f + this.f; this.n += 1; return v; } }; g.f",
  "a recursive constructor":
    "class C { constructor(n: number) { if (n > 0) { new C(n - 1); new C(n - 1); } } } new C(60)",
  "Array.from": "Array.from({ length: 2e9 }, (_, i) => i & 1)",
  map: "const many = Array.from({ length: 3e4 }, (_, i) => i); many.map(() => many.map(() => many.reduce((a, b) => a + b)))",
  sort: "Array.from({ length: 5e4 }, Math.random).sort((a, b) => { Array.from({ length: 1e4 }); return a - b; })",
  "a regular expression": "/(a+)+$/.test('a'.repeat(60) + 'b')",
  "a regular expression in replace": "('a'.repeat(60) + 'b').replace(/^(a|a?)+$/, 'x')",
  execSync: "execSync('sleep 60');",
  "execSync of a pipeline": "execSync('sleep 60 | cat; echo done');",
  spawnSync: "spawnSync('sleep', ['60']);",
  "a child that ignores the interrupt": "execFileSync('sh', ['-c', 'trap \"\" INT; while :; do sleep 1; done']);",
  "a child whose failure is caught": "for (;;) { try { execSync('sleep 60'); } catch (error) { void error; } }",
  "the opening of a pipe that nobody writes to":
    "execFileSync('mkfifo', [fifo]); try { readFileSync(fifo); } finally { rmSync(fifo); }",
  "the opening of a pipe that nobody reads":
    "execFileSync('mkfifo', [fifo]); try { openSync(fifo, 'w'); } finally { rmSync(fifo); }",
  "long JSON":
    "let o: unknown; for (let i = 0; i < 12; i++) o = { a: o, b: o, c: o, d: o, e: o, f: o, g: o, h: o }; JSON.stringify(o)",
  "JSON with a callback":
    "JSON.stringify({ get a(): unknown { return this; } }, (_, v) => { Array.from({ length: 1e9 }, (_, i) => i); return v; })",
  "big numbers": "(3n ** 60_000_000n).toString()",
  "a wait for memory": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "an eval": "(0, eval)('for (;;) {}')",
  "a regular expression in a timer":
    "setTimeout(() => /(a+)+$/.test('a'.repeat(60) + 'b'), 1); await new Promise(() => {});",
  "a value that is shown by a loop": "({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;) {} } })",
  "a value that is shown by a regular expression":
    "({ [Symbol.for('Jupyter.display')]: () => /(a+)+$/.test('a'.repeat(60) + 'b') })",
  WebAssembly:
    "new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f()",
};

function assertInterrupted(run: Executed): void {
  assert.equal(run.reply.ename, "KeyboardInterrupt", JSON.stringify(run.reply));
  assert.doesNotMatch(run.traceback, /variables are gone/);
}

describe("kernel: interrupts of code without checks", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(
      `import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
let kept = 'kept'; const pid = process.pid; const fifo = ${JSON.stringify(join(tmpdir(), `kernel-fifo-${process.pid}`))};`,
    );
  });
  after(() => kernel.stop());

  async function stops(code: string): Promise<Executed> {
    const id = kernel.start(code);
    await kernel.printed(id, "go");
    await sleep(50);
    await kernel.interrupt();
    const run = await kernel.finished(id);
    assertInterrupted(run);
    assert.equal((await kernel.execute("[kept, pid === process.pid]")).result, "[ 'kept', true ]");
    return run;
  }

  for (const [shape, code] of Object.entries(SHAPES)) {
    it(`stops ${shape}, and keeps the state`, () => stops(`console.log("go"); ${code}`));
  }

  it("stops it after an await, in functions, in promise reactions and in project files too", async () => {
    const regex = "/(a+)+$/.test('a'.repeat(60) + 'b')";
    const later = "await new Promise((r) => setTimeout(r, 5));";
    await stops(`${later} console.log("go"); ${regex}`);
    await stops(
      `async function deep() { ${later} await null; console.log("go"); ${regex} } await Promise.all([deep(), deep()]);`,
    );
    await stops(`${later} await Promise.resolve().then(() => { console.log("go"); return ${regex}; });`);
    await stops(
      `import { readFile } from 'node:fs/promises'; await readFile('/dev/null'); console.log("go"); ${regex}`,
    );
    const file = join(mkdtempSync(join(tmpdir(), "kernel-library-")), "slow.mts");
    writeFileSync(
      file,
      `export async function slow(): Promise<void> {\n  ${later}\n  console.log("go");\n  ${regex};\n}\n`,
    );
    await stops(`import { slow } from "${file}"; await slow();`);
  });

  it("runs finally blocks where a function calls others, and spares children that were there before", async () => {
    await kernel.execute(
      "const server = spawn('sleep', ['100']); const log: string[] = []; await new Promise((r) => setTimeout(r, 1500));",
    );
    await stops(
      `function deep(n: number): number { try { return n < 1 ? 0 : deep(n - 1) + deep(n - 1); } finally { if (n === 99) log.push("tidied"); } } console.log("go"); deep(100)`,
    );
    await stops("console.log('go'); execSync('sleep 50')");
    const found = await kernel.execute("server.kill(0) && server.exitCode === null && log.length > 0");
    assert.equal(found.result, "true", found.traceback);
    await kernel.execute("server.kill();");
  });

  it("leaves timers, promises, streams and later cells in order", async () => {
    await kernel.execute("let beats = 0; const timer = setInterval(() => { beats++; }, 5);");
    for (let round = 0; round < 3; round++)
      await stops("console.log('go'); await null; /(a+)+$/.test('a'.repeat(60) + 'b')");
    const before = Number((await kernel.execute("beats")).result);
    const code = "await new Promise((r) => setTimeout(r, 50)); await Promise.all([1, 2].map(async (x) => x)); beats";
    assert.ok(Number((await kernel.execute(code)).result) > before);
    await kernel.execute("clearInterval(timer);");
    assert.match((await kernel.execute("throw new Error('as ever')")).traceback, /as ever[\s\S]*In \[/);
  });

  it("calls timers as Node does: with their arguments and themselves, and by their promise", async () => {
    const code = `import { promisify } from "node:util";
const called = await new Promise<unknown[]>((done) => setTimeout(function (this: NodeJS.Timeout, ...args) {
  done([typeof this.refresh, ...args]);
}, 1, "a", 2));
let ticks = 0;
const every = setInterval(() => { if (++ticks === 3) clearInterval(every); }, 1);
await promisify(setTimeout)(100);
[...called, ticks, await promisify(setTimeout)(1, "value")]`;
    assert.equal((await kernel.execute(code)).result, "[ 'function', 'a', 2, 3, 'value' ]");
    const failing = await kernel.execute(
      "setTimeout(() => { throw new Error('in it'); }, 1); await new Promise(() => {})",
    );
    assert.match(failing.traceback, /^Error: in it\n {4}at .*In \[\d+\]:1:/);
  });

  it("does not lose an event that comes right after the one awaited", async () => {
    const code = `import { EventEmitter, once } from "node:events";
const emitter = new EventEmitter();
let heard = 0;
for (let i = 0; i < 200; i++) {
  setImmediate(() => { emitter.emit("a"); process.nextTick(() => setImmediate(() => emitter.emit("b"))); });
  setTimeout(() => emitter.emit("b"), 0);
  await once(emitter, "a");
  await once(emitter, "b");
  heard++;
}
heard`;
    assert.equal((await kernel.execute(code)).result, "200");
  });
});
