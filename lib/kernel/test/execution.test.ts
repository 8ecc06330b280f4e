import assert from "node:assert/strict";
import { KernelClient, types } from "./client.ts";

describe("kernel: cells", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.stop());

  it("publishes busy, the input, the result and idle, in this order", async () => {
    const run = await kernel.execute("6 * 7");
    assert.deepEqual(types(run), ["busy", "execute_input", "execute_result", "idle"]);
    assert.equal(run.result, "42");
    assert.equal(run.reply.status, "ok");
  });

  it("keeps variables, functions and classes between cells, and lets each be declared again as anything", async () => {
    await kernel.execute("const a = 1; function b() { return a; } class C { v = b(); }");
    assert.equal((await kernel.execute("new C().v + b()")).result, "2");
    await kernel.execute("class a {}; const b = 'now a string'; function C() { return 9; }");
    assert.equal((await kernel.execute("[typeof a, b, C()]")).result, "[ 'function', 'now a string', 9 ]");
  });

  it("gives closures the variables themselves", async () => {
    await kernel.execute("let n = 0; function inc() { n++; }");
    assert.equal((await kernel.execute("n = 10; inc(); n")).result, "11");
  });

  it("awaits at the top level, and hoists functions and var", async () => {
    assert.equal(
      (await kernel.execute("early(await Promise.resolve(2)); function early(x: number) { return x * 2; }")).error,
      undefined,
    );
    assert.equal((await kernel.execute("for (var i = 0; i < 3; i++) { var seen = i; } [i, seen]")).result, "[ 3, 2 ]");
    assert.equal((await kernel.execute("let i = 'mine'; i")).result, "'mine'");
  });

  it("runs loops over top-level variables at the speed of functions", async () => {
    const loop = "for (let k = 0; k < 1e7; k++) sum += k;";
    const inFunction = `(() => { let sum = 0; const start = performance.now(); ${loop} return performance.now() - start; })()`;
    await kernel.execute("let sum = 0; let start = 0;");
    const outside = `start = performance.now(); ${loop} performance.now() - start`;
    const best = async (code: string) => {
      const times: number[] = [];
      for (let i = 0; i < 4; i++) times.push(Number((await kernel.execute(code)).result));
      return Math.min(...times);
    };
    const ratio = (await best(outside)) / (await best(inFunction));
    assert.ok(ratio < 8, `${ratio} times the time of the loop in a function`);
  });

  it("is silent when asked, and counts only what is stored", async () => {
    const { execution_count: before } = (await kernel.execute("1")).reply;
    const silent = await kernel.execute("console.log('x'); 2", { silent: true });
    assert.deepEqual(types(silent), ["busy", "idle"]);
    const unstored = await kernel.execute("3", { store_history: false });
    assert.equal(unstored.reply.execution_count, before);
    assert.equal((await kernel.execute("4")).reply.execution_count, Number(before) + 1);
  });

  it("evaluates user_expressions, each on its own", async () => {
    await kernel.execute("const seven = 7");
    const { reply } = await kernel.execute("1", { user_expressions: { ok: "seven * 6", bad: "missing", odd: "1 +" } });
    const found = reply.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(found.ok.data, { "text/plain": "42" });
    assert.equal(found.bad.ename, "ReferenceError");
    assert.equal(found.odd.ename, "SyntaxError");
  });

  it("aborts what is queued behind an error when stop_on_error asks for it, and nothing else", async () => {
    const ids = [kernel.start("throw new Error('first')"), kernel.start("'queued'"), kernel.start("'queued too'")];
    const [failed, ...aborted] = await Promise.all(ids.map((id) => kernel.finished(id)));
    assert.equal(failed.reply.status, "error");
    assert.deepEqual(
      aborted.map(({ reply }) => reply.status),
      ["aborted", "aborted"],
    );
    assert.deepEqual(types(aborted[0]), ["busy", "idle"]);
    const about = (i: number) => kernel.publishedFor(ids[i]);
    const order = kernel.published.filter((message) => [0, 1, 2].some((i) => about(i).includes(message)));
    // As ipykernel does it: each request's own busy and idle, one request after the other.
    assert.deepEqual(order, [0, 1, 2].flatMap(about));
    const going = [kernel.start("throw 1", { stop_on_error: false }), kernel.start("'runs'")];
    const [, second] = await Promise.all(going.map((id) => kernel.finished(id)));
    assert.equal(second.result, "'runs'");
  });

  it("runs the cell that is sent right after an error's reply", async () => {
    for (let round = 0; round < 20; round++) {
      await kernel.execute("throw new Error('expected')");
      assert.equal((await kernel.execute(`${round}`)).result, `${round}`);
    }
  });

  it("imports packages, subpaths, JSON and Node's modules", async () => {
    const run = await kernel.execute(`import { basename } from "node:path";
import * as ts from "typescript";
import project from "./package.json" with { type: "json" };
import MagicString from "magic-string";
[basename("/a/b"), typeof ts, project.name, typeof MagicString]`);
    assert.equal(run.result, "[ 'b', 'object', 'typebook', 'function' ]");
  });

  it("fails for an import that the module does not have", async () => {
    const run = await kernel.execute('import { nothing } from "node:path"; nothing');
    assert.match(String(run.error?.evalue), /does not provide an export named 'nothing'/);
  });

  it("keeps the latest results, unless their names are used otherwise", async () => {
    const { reply } = await kernel.execute("[1, 2, 3]");
    await kernel.execute("undefined");
    await kernel.execute("let noValue = 1;");
    assert.equal((await kernel.execute("_.length")).result, "3");
    assert.match(String((await kernel.execute("[_, __, ___]")).result), /^\[ 3, \[ 1, 2, 3 \], /);
    assert.equal((await kernel.execute(`Out[${reply.execution_count}]`)).result, "[ 1, 2, 3 ]");
    await kernel.execute("for (let i = 0; i < 300; i++) void i;");
    await kernel.execute("const _ = 'mine';");
    await kernel.execute("'other'");
    assert.equal((await kernel.execute("_")).result, "'mine'");
  });

  it("serves HTTP between cells", async () => {
    const { result } = await kernel.execute(`import { createServer } from "node:http";
const server = createServer((_request, response) => response.end("from a cell")).listen(0, "127.0.0.1");
await new Promise((listening) => server.once("listening", listening));
(server.address() as { port: number }).port`);
    assert.equal(await (await fetch(`http://127.0.0.1:${result}/`)).text(), "from a cell");
    await kernel.execute("server.close();");
  });

  it("says which executor state is lost when the process ends", async () => {
    const run = await kernel.execute("process.exit(3)");
    assert.equal(run.reply.ename, "ExecutorLost");
    assert.equal((await kernel.execute("1 + 1")).result, "2");
  });
});
