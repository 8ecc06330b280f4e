import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Executed, KernelClient, types } from "./client.ts";

function contents(run: Executed, type: string) {
  return run.messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
}

describe("kernel: output", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.stop());

  it("delivers every one of 3000 lines, in few messages, before idle", async () => {
    const run = await kernel.execute("for (let i = 0; i < 3000; i++) console.log('line', i);");
    const expected = Array.from({ length: 3000 }, (_, i) => `line ${i}\n`).join("");
    assert.equal(run.stdout, expected);
    assert.ok(contents(run, "stream").length < 300, `${contents(run, "stream").length} messages`);
  });

  it("delivers one output of 20 MB whole", async () => {
    const run = await kernel.execute("process.stdout.write('x'.repeat(20 * 2 ** 20)); 'end'");
    assert.equal(run.stdout.length, 20 * 2 ** 20);
    assert.equal(run.result, "'end'");
  });

  it("delivers 10 000 display updates", async () => {
    const run = await kernel.execute(`Jupyter.display({ "text/plain": "0" }, { displayId: "flood" });
for (let i = 1; i <= 10_000; i++) Jupyter.display({ "text/plain": String(i) }, { displayId: "flood", update: true });`);
    const updates = contents(run, "update_display_data");
    assert.equal(updates.length, 10_000);
    assert.deepEqual(updates.at(-1)?.data, { "text/plain": "10000" });
    assert.deepEqual(updates[0].transient, { display_id: "flood" });
  });

  it("keeps stdout, stderr, displays and the result in the order in which they were made", async () => {
    const run = await kernel.execute(
      "console.log(1); console.error(2); Jupyter.display({ 'text/plain': '3' }); console.log(4); Jupyter.clearOutput(true); 5",
    );
    const wanted = ["stream", "stream", "display_data", "stream", "clear_output", "execute_result"];
    assert.deepEqual(types(run), ["busy", "execute_input", ...wanted, "idle"]);
    assert.deepEqual(contents(run, "clear_output"), [{ wait: true }]);
  });

  it("shows what a loop prints while it computes", async () => {
    const id = kernel.start("console.log('early'); const until = Date.now() + 800; while (Date.now() < until) {}");
    const start = Date.now();
    await kernel.printed(id, "early");
    assert.ok(Date.now() - start < 600);
    await kernel.finished(id);
  });

  it("captures what child processes write to the real stdout and stderr, before idle", async () => {
    const run = await kernel.execute(`import { execSync } from "node:child_process";
execSync("seq 1 20000; echo problem >&2", { stdio: "inherit" });`);
    assert.equal(run.stdout.split("\n").length, 20_001);
    assert.equal(run.stderr, "problem\n");
  });

  it("attributes late output to the cell that made it", async () => {
    const id = kernel.start("void setTimeout(() => console.log('late'), 60); 'early'");
    await kernel.finished(id);
    const next = await kernel.execute("await new Promise((r) => setTimeout(r, 120)); 'next'");
    assert.equal(next.stdout, "");
    assert.equal(next.result, "'next'");
    await kernel.printed(id, "late");
  });

  it("shows objects by their own display method, and bytes as base64", async () => {
    const run = await kernel.execute(`({
  async [Symbol.for("Jupyter.display")]() {
    return { "image/png": new Uint8Array([137, 80]), "text/plain": "picture" };
  },
})`);
    assert.deepEqual(contents(run, "execute_result")[0].data, { "image/png": "iVA=", "text/plain": "picture" });
  });

  it("fails the cell for a rejection nobody handles", async () => {
    const run = await kernel.execute("void Promise.reject(new Error('stray')); 1");
    assert.equal(run.reply.evalue, "stray");
  });

  it("fails the cell at once for an error thrown in a timer", async () => {
    const run = await kernel.execute(
      "setTimeout(() => { throw new Error('in a timer'); }, 5); await new Promise(() => {});",
    );
    assert.equal(run.reply.evalue, "in a timer");
  });

  it("shows a rejection after the cell's end in that cell's output", async () => {
    const id = kernel.start("setTimeout(() => { void Promise.reject(new Error('afterwards')); }, 30); 1");
    await kernel.finished(id);
    await kernel.printed(id, "afterwards");
    assert.equal((await kernel.execute("'alive'")).result, "'alive'");
  });

  it("updates one output while a progress bar moves, and says where an interrupted one stopped", async () => {
    const done = await kernel.execute(
      "const bar = Jupyter.progress(1000); for (let i = 1; i <= 1000; i++) bar.set(i);",
    );
    assert.match(JSON.stringify(contents(done, "update_display_data").at(-1)), /1000\/1000/);
    const id = kernel.start("const half = Jupyter.progress(10); half.set(5); console.log('go'); while (true) {}");
    await kernel.printed(id, "go");
    await kernel.interrupt();
    const stopped = await kernel.finished(id);
    assert.match(JSON.stringify(contents(stopped, "update_display_data").at(-1)), /5\/10 \(interrupted\)/);
  });

  it("times cells and expressions", async () => {
    assert.match((await kernel.execute("%%time\nlet timed = 1;")).stdout, /^Wall time: [\d.]+ ms\n$/);
    assert.match((await kernel.execute("%timeit Math.sqrt(timed)")).stdout, /ns ± .* per loop/);
    assert.match((await kernel.execute("%%timeit\nMath.sqrt(2);\nMath.sqrt(3);")).stdout, /per loop/);
  });

  it("reads a magic after a byte order mark, empty lines and with line ends of Windows", async () => {
    for (const before of ["\uFEFF", "\n", "\r\n  \r\n", "\uFEFF\n\n"]) {
      const run = await kernel.execute(`${before}%%html\r\n<b>x</b>`);
      assert.equal((contents(run, "display_data")[0].data as { "text/html": string })["text/html"], "<b>x</b>");
    }
    const timed = await kernel.execute("\r\n%%time\r\nlet a = 1;\r\nthrow new Error('third');");
    assert.match(timed.stdout, /Wall time/);
    assert.match(timed.traceback, /:4:7/);
  });

  it("shows traces, promises, and text written in other encodings as they are", async () => {
    assert.match((await kernel.execute("console.trace('here', 1)")).stderr, /^Trace: here 1\n {4}at In \[/);
    assert.equal((await kernel.execute("Promise.resolve(1)")).result, "Promise { 1 }");
    assert.equal(
      (await kernel.execute("({ deep: [Promise.resolve(new Map([[1, 2]]))] })")).result,
      "{ deep: [ Promise { Map(1) { 1 => 2 } } ] }",
    );
    assert.equal((await kernel.execute("class P<T> extends Promise<T> {} P.resolve(1)")).result, "P [Promise] { 1 }");
    assert.equal((await kernel.execute("console.log(new Promise(() => {}))")).stdout, "Promise { <pending> }\n");
    for (const [text, encoding] of [
      ["6869", "hex"],
      ["aGk=", "base64"],
      ["hi", "latin1"],
      ["hi", "utf-8"],
    ]) {
      assert.equal((await kernel.execute(`process.stdout.write('${text}', '${encoding}');`)).stdout, "hi");
    }
  });

  it("ends groups with their cell", async () => {
    const group = "console.group('outer'); console.groupCollapsed('inner'); console.log('in');";
    assert.equal((await kernel.execute(`${group} throw 1;`)).stdout, "outer\n  inner\n    in\n");
    assert.equal((await kernel.execute("console.log('out')")).stdout, "out\n");
    const ended = `${group} console.groupEnd(); console.log('half'); console.groupEnd(); console.groupEnd(); console.log(0);`;
    assert.equal((await kernel.execute(ended)).stdout, "outer\n  inner\n    in\n  half\n0\n");
  });

  it("shows frames of a folder whose name begins as the kernel's own", async () => {
    const folder = join(mkdtempSync(join(tmpdir(), "kernel-frames-")), "build-tools");
    mkdirSync(folder);
    writeFileSync(join(folder, "part.mts"), "export const fail = (): never => {\n  throw new Error('framed');\n};\n");
    assert.match(
      (await kernel.execute(`import { fail } from "${folder}/part.mts"; fail();`)).traceback,
      /part\.mts:2:9/,
    );
  });

  it("shows cells of HTML and Markdown, and names a magic that it does not have", async () => {
    const shown = async (code: string) => contents(await kernel.execute(code), "display_data")[0].data;
    assert.deepEqual(await shown("%%html\n<b>x</b>"), { "text/html": "<b>x</b>", "text/plain": "<b>x</b>" });
    assert.deepEqual(await shown("%%md\n# Title"), { "text/markdown": "# Title", "text/plain": "# Title" });
    assert.deepEqual(await shown("%%HTML\n<i>"), { "text/html": "<i>", "text/plain": "<i>" });
    assert.match(String((await kernel.execute("%%cython\nx")).reply.evalue), /no magic %%cython/);
    assert.match(String((await kernel.execute("%%constructor\nx")).reply.evalue), /no magic %%constructor/);
    assert.match(String((await kernel.execute("%timeit\n1")).reply.evalue), /%timeit needs an expression/);
  });
});
