import assert from "node:assert/strict";
import { DebugClient } from "./debug-client.ts";

const ADD = `interface Pair { first: number }
function add(a: number, b: number): number {
  // no code here
  const pair: Pair = { first: a };
  let sum = 0;
  for (let i = 0; i < b; i++) {
    sum += pair.first;
  }
  return sum;
}
const list = [1, 2, 3];
const total = add(2, 3);
total + list.length`;

describe("kernel debugger: cells", () => {
  let debug: DebugClient;
  before(async () => {
    debug = await DebugClient.start();
  });
  after(() => debug.stopKernel());

  /** Runs code with breakpoints and lets `at` look at each stop in turn; then the cell's end. */
  async function stopping(
    code: string,
    lines: Parameters<DebugClient["breakIn"]>[1][],
    ...at: (() => Promise<void>)[]
  ) {
    await debug.breakIn(code, ...lines);
    const id = debug.kernel.start(code);
    for (const look of at) {
      await debug.event("stopped");
      await look();
      await debug.continue();
    }
    return debug.kernel.finished(id);
  }

  it("says in kernel_info that there is one", async () => {
    const info = await debug.kernel.request("kernel_info_request", {});
    assert.equal(info.debugger, true);
    assert.ok((info.supported_features as string[]).includes("debugger"));
  });

  it("names the file of a cell as front-ends compute it", async () => {
    const { hashMethod, hashSeed, tmpFilePrefix, tmpFileSuffix, isStarted } = await debug.ask("debugInfo");
    assert.deepEqual([isStarted, hashMethod, hashSeed], [true, "Murmur2", 0xc70f6907]);
    const { sourcePath } = await debug.ask("dumpCell", { code: "let ä = '€'; // 😀" });
    // ipykernel.compiler.murmur2_x86("let ä = '€'; // 😀", 0xc70f6907)
    assert.equal(sourcePath, `${tmpFilePrefix}4148922208${tmpFileSuffix}`);
    assert.equal((await debug.ask("source", { source: { path: sourcePath } })).content, "let ä = '€'; // 😀");
  });

  it("moves breakpoints to lines with code before the cell runs, and reports them", async () => {
    const set = await debug.breakIn(ADD, 1, 3, 12, 99);
    assert.deepEqual(
      set.map(({ line, verified }) => [line, verified]),
      [
        [4, true],
        [4, true],
        [12, true],
        [13, true],
      ],
    );
    const { sourcePath } = await debug.ask("dumpCell", { code: ADD });
    const { breakpoints } = await debug.ask("debugInfo");
    assert.deepEqual(breakpoints, [{ source: sourcePath, breakpoints: [4, 4, 12, 13].map((line) => ({ line })) }]);
    await debug.breakIn(ADD);
    assert.deepEqual((await debug.ask("debugInfo")).breakpoints, []);
  });

  it("stops at a breakpoint, shows frames, scopes and typed variables, steps in, over and out", async () => {
    await debug.breakIn(ADD, 12);
    const id = debug.kernel.start(ADD);
    assert.equal(await debug.stop(), "breakpoint 12 In [1]");
    assert.equal(await debug.step("stepIn"), "step 4 add");
    assert.deepEqual(
      (await debug.frames()).map(({ name, line }) => [name, line]),
      [
        ["add", 4],
        ["In [1]", 12],
      ],
    );
    assert.equal(await debug.step("next"), "step 5 add");
    const locals = await debug.scope("Locals");
    const shown = locals.map(({ name, value, type }) => [name, value, type]);
    assert.deepEqual(shown.slice(0, 3), [
      ["a", "2", "number"],
      ["b", "3", "number"],
      ["pair", "{first: 2}", "Object"],
    ]);
    assert.deepEqual(
      (await debug.children(locals[2].variablesReference)).map(({ name, value, evaluateName }) => [
        name,
        value,
        evaluateName,
      ]),
      [["first", "2", "pair.first"]],
    );
    assert.equal((await debug.values("Globals")).list, "Array(3) [1, 2, 3]");
    assert.equal(await debug.evaluate("(pair as Pair).first * b", 1), "6");
    await debug.step("next");
    await debug.step("next");
    assert.equal(await debug.step("next"), "step 7 add");
    assert.equal(await debug.step("stepOut"), "step 13 In [1]");
    assert.deepEqual((await debug.ask("debugInfo")).stoppedThreads, [1]);
    await debug.continue();
    await debug.event("continued");
    assert.equal((await debug.kernel.finished(id)).result, "9");
    assert.deepEqual((await debug.ask("debugInfo")).stoppedThreads, []);
  });

  it("stops again where a function of an earlier cell is called", async () => {
    const cell = "function later(n: number) {\n  return n + 1;\n}";
    await debug.kernel.execute(cell);
    const [set] = await debug.breakIn(cell, 2);
    assert.equal(set.verified, true);
    const id = debug.kernel.start("later(41)");
    assert.equal(await debug.stop(), "breakpoint 2 later");
    await debug.breakIn(cell);
    await debug.continue();
    assert.equal((await debug.kernel.finished(id)).result, "42");
  });

  it("steps through a cell without ever landing in code that is not its own", async () => {
    const code = `const doubled = [1, 2].map((v) => v * 2);
for (const v of doubled) {
  await Promise.resolve(v);
}
for await (const v of doubled) console.log(v);
try {
  JSON.parse("{");
} catch {
  console.log("caught");
}
const { join } = await import("node:path");
do { await new Promise((go) => setTimeout(go, 1)); } while (false);
join("a", "b")`;
    for (const kind of ["next", "stepIn"] as const) {
      await debug.breakIn(code, 1);
      const id = debug.kernel.start(code);
      await debug.event("stopped");
      const places = await debug.stepToEnd(kind, id);
      const lines = new Set(places.map((place) => Number(place.split(" ")[0])));
      assert.deepEqual(
        [...lines].filter((line) => line < 1 || line > 13),
        [],
      );
      for (const line of [2, 3, 5, 7, 9, 11, 12, 13]) assert.ok(lines.has(line), `${kind} missed ${line}: ${places}`);
      assert.equal((await debug.kernel.finished(id)).result, "'a/b'");
      assert.equal((await debug.kernel.execute("'the next cell runs through'")).reply.status, "ok");
    }
    await debug.breakIn(code);
  });

  it("stops once at a line that returns", async () => {
    const code = "function same(n: number) {\n  let m = n;\n  return m;\n}\nsame(4);\nsame(5)";
    await debug.breakIn(code, 3);
    const id = debug.kernel.start(code);
    assert.equal(await debug.stop(), "breakpoint 3 same");
    assert.match(await debug.step("next"), /^step [56] In/);
    await debug.breakIn(code);
    await debug.continue();
    assert.equal((await debug.kernel.finished(id)).result, "5");
  });

  it("stops only where a condition holds, counts hits, logs instead of stopping", async () => {
    const loop = "const seen: number[] = [];\nfor (let i = 0; i < 6; i++) {\n  seen.push(i as number);\n}\nseen";
    const at = (wanted: string) => async () => assert.equal((await debug.values("Locals")).i, wanted);
    await stopping(loop, [{ line: 3, condition: "(i as number) === 4" }], at("4"));
    await stopping(loop, [{ line: 3, hitCondition: "5" }], at("4"), at("5"));
    await stopping(loop, [{ line: 3, hitCondition: "% 3" }], at("2"), at("5"));
    const logged = await stopping(loop, [{ line: 3, logMessage: "i is {i}, twice {i * 2}", condition: "i < 2" }]);
    assert.equal(logged.stdout, "i is 0, twice 0\ni is 1, twice 2\n");
    const [refused] = await debug.breakIn(loop, { line: 3, condition: "i ===" });
    assert.equal(refused.verified, false);
    assert.match(String(refused.message), /Expression expected/);
    await debug.breakIn(loop);
  });

  it("stops at a debugger statement", async () => {
    const id = debug.kernel.start("let here = 1;\ndebugger;\nhere");
    assert.equal((await debug.stop()).replace(/In \[\d+\]/, "cell"), "breakpoint 2 cell");
    await debug.continue();
    assert.equal((await debug.kernel.finished(id)).result, "1");
  });

  it("pauses a running loop, and continues it", async () => {
    const code = `let spins = 0;
let stopSpinning = false;
console.log("spinning");
while (!stopSpinning) {
  spins++;
}
"over"`;
    const id = debug.kernel.start(code);
    await debug.kernel.printed(id, "spinning");
    await debug.ask("pause", { threadId: 1 });
    assert.match(await debug.stop(), /^pause [45] In/);
    await debug.evaluate("stopSpinning = true", 1);
    await debug.continue();
    assert.equal((await debug.kernel.finished(id)).result, "'over'");
  });

  it("sets variables of frames, objects and the notebook", async () => {
    const code = "function change(n: number, o: { deep: string }) {\n  return n + o.deep;\n}\nchange(1, { deep: 'a' })";
    const end = await stopping(code, [2], async () => {
      const { scopes } = await debug.ask("scopes", { frameId: 1 });
      const { variablesReference } = (scopes as { name: string; variablesReference: number }[])[0];
      const set = await debug.ask("setVariable", { variablesReference, name: "n", value: "6 * 7" });
      assert.deepEqual([set.value, set.type], ["42", "number"]);
      const object = (await debug.scope("Locals")).find(({ name }) => name === "o");
      await debug.ask("setVariable", { variablesReference: object?.variablesReference, name: "deep", value: "'b'" });
    });
    assert.equal(end.result, "'42b'");
    await debug.breakIn(code);
  });

  it("copies a local variable to the notebook, where later cells may use it", async () => {
    const code = "function hide() {\n  const secret = new Map([['k', 7]]);\n  return secret.size;\n}\nhide()";
    await stopping(code, [3], async () => {
      const copy = { srcVariableName: "secret", dstVariableName: "copied", srcFrameId: 1 };
      await debug.ask("copyToGlobals", copy);
      const copied = (await debug.scope("Globals")).find(({ name }) => name === "copied");
      assert.deepEqual([copied?.value, copied?.type], ["Map(1) {'k' => 7}", "Map"]);
    });
    assert.equal((await debug.kernel.execute("copied.get('k') + 1", { allow_stdin: false })).result, "8");
    await debug.breakIn(code);
  });

  it("answers what it does not know, and what is wrong, with the reason", async () => {
    const unknown = await debug.request("reverseContinue");
    assert.deepEqual([unknown.success, unknown.message], [false, 'this debugger does not know "reverseContinue"']);
    assert.match(String((await debug.request("stepIn")).message), /nothing is paused/);
    assert.match(
      String((await debug.request("evaluate", { expression: "missing" })).message),
      /missing is not defined/,
    );
    assert.match(String((await debug.request("evaluate", { expression: "1 +" })).message), /Expression expected/);
    assert.match(String((await debug.request("source", { source: { path: "/nowhere.ts" } })).message), /nowhere/);
    assert.match(String((await debug.request("variables", { variablesReference: 1e6 })).message), /gone/);
  });
});
