import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { DebugClient } from "./debug-client.ts";

type Variable = DebugProtocol.Variable;

const VALUES = `class Point {
  #secret = 7;
  x: number;
  constructor(x: number) { this.x = x; }
  get doubled(): number { console.log("a getter ran"); return this.x * 2; }
}
const point = new Point(1);
const text = "it's";
const long = "x".repeat(20_000);
const big = 10n;
const nothing = null;
const missing = undefined;
const nan = NaN;
const zero = -0;
const symbol = Symbol("s");
const wide = Float32Array.from({ length: 25_000 }, (_, i) => i);
const map = new Map<string, unknown>([["a", { deep: [1] }], ["b", 2]]);
const set = new Set([5, 6]);
const failure = new RangeError("too far");
const waiting = Promise.resolve(1);
const getter = { get now() { console.log("a getter ran"); return 1; }, "two words": 2 };
const trap = new Proxy({}, { get() { throw new Error("trap"); }, ownKeys() { throw new Error("trap"); } });
async function* later(n: number) { yield n; }
const shown = { [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>bold</b>" }) };`;

describe("kernel debugger: values", () => {
  let debug: DebugClient;
  before(async () => {
    debug = await DebugClient.start();
    const run = await debug.kernel.execute(VALUES);
    assert.equal(run.reply.status, "ok", run.traceback);
  });
  after(() => debug.stopKernel());

  async function variables(): Promise<Map<string, Variable>> {
    const { variables } = (await debug.ask("inspectVariables")) as { variables: Variable[] };
    return new Map(variables.map((one) => [one.name, one]));
  }
  const children = async (name: string): Promise<Variable[]> => {
    const found = (await variables()).get(name);
    assert.ok(found, name);
    return debug.children(found.variablesReference);
  };
  const brief = ({ name, value, type }: Variable) => `${name}: ${type} = ${value}`;

  it("shows the notebook's variables with types while nothing is paused, and no names of the kernel's", async () => {
    const found = await variables();
    const shown = ["text", "big", "nothing", "missing", "nan", "zero", "symbol", "set", "failure", "later", "Point"];
    assert.deepEqual(
      shown.map((name) => brief(found.get(name) as Variable)),
      [
        `text: string = "it's"`,
        "big: bigint = 10n",
        "nothing: null = null",
        "missing: undefined = undefined",
        "nan: number = NaN",
        "zero: number = -0",
        "symbol: symbol = Symbol(s)",
        "set: Set = Set(2) {5, 6}",
        "failure: RangeError = RangeError: too far",
        "later: function = ƒ (n)",
        "Point: class = class Point",
      ],
    );
    assert.match(String(found.get("long")?.value), /^'x{10000}'… 20000 characters$/);
    assert.deepEqual(
      [...found.keys()].filter((name) => name.startsWith("__wc")),
      [],
    );
  });

  it("opens objects, private fields too, without running getters or traps", async () => {
    assert.deepEqual((await children("point")).map(brief), ["x: number = 1", "#secret: number = 7"]);
    assert.deepEqual(
      (await children("getter")).map(({ name, value, evaluateName }) => [name, value, evaluateName]),
      [
        ["now", "(getter)", "getter.now"],
        ["two words", "2", 'getter["two words"]'],
      ],
    );
    await children("trap");
    const printed = debug.kernel.published.filter(({ content }) => String(content.text).includes("a getter ran"));
    assert.deepEqual(printed, []);
  });

  it("opens long arrays in parts, and the entries of maps and sets", async () => {
    const parts = await children("wide");
    assert.deepEqual(parts.map(({ name }) => name).slice(-2), ["[10000 … 19999]", "[20000 … 24999]"]);
    const inner = await debug.children(parts[2].variablesReference);
    assert.equal(inner.length, 50);
    const last = await debug.children(inner[49].variablesReference);
    assert.deepEqual(
      [last.length, last[99].name, last[99].value, last[99].evaluateName],
      [100, "24999", "24999", "wide[24999]"],
    );
    const entries = await children("map");
    assert.deepEqual(entries.map(brief), ["'a': Object = {deep: Array(1)}", "'b': number = 2"]);
    assert.deepEqual((await debug.children(entries[0].variablesReference)).map(brief), ["deep: Array = Array(1) [1]"]);
    assert.deepEqual(
      (await children("set")).map(({ value }) => value),
      ["5", "6"],
    );
    const { variablesReference } = (await variables()).get("point") as Variable;
    const page = await debug.ask("variables", { variablesReference, start: 1, count: 1 });
    assert.deepEqual(
      page.variables.map(({ name }: Variable) => name),
      ["#secret"],
    );
  });

  it("renders a value as a cell would", async () => {
    const rich = await debug.ask("richInspectVariables", { variableName: "shown" });
    assert.equal(rich.data["text/html"], "<b>bold</b>");
    assert.deepEqual((await debug.ask("richInspectVariables", { variableName: "map" })).data, {
      "text/plain": "Map(2) { 'a' => { deep: [ 1 ] }, 'b' => 2 }",
    });
    assert.equal((await debug.request("richInspectVariables", { variableName: "a b" })).success, false);
  });

  it("evaluates TypeScript, declares what it declares, and lets a hover change nothing", async () => {
    assert.equal(await debug.evaluate("(point as Point).x satisfies number"), "1");
    await debug.evaluate("let declared: number = 5");
    assert.equal(await debug.evaluate("declared + 1"), "6");
    const hover = { expression: "point.x = 9", context: "hover" };
    assert.equal((await debug.request("evaluate", hover)).success, false);
    assert.equal(await debug.evaluate("point.x"), "1");
  });

  it("reads variables while a cell runs", async () => {
    const id = debug.kernel.start("let turns = 0;\nconsole.log('go');\nwhile (turns >= 0) turns++;");
    await debug.kernel.printed(id, "go");
    assert.ok(Number((await variables()).get("turns")?.value) >= 0);
    await debug.kernel.interrupt();
    assert.equal((await debug.kernel.finished(id)).reply.ename, "KeyboardInterrupt");
  });

  it("gives JupyterLab no type of a simple value, because it would show that instead", async () => {
    await debug.ask("initialize", { clientID: "jupyterlab" });
    const found = await variables();
    assert.deepEqual([found.get("text")?.type, found.get("map")?.type], [undefined, "Map"]);
    await debug.ask("initialize", { clientID: "test" });
  });

  it("does not depend on names that a cell has taken", async () => {
    const code = "let Symbol = 1, Object = 2, Array = 3, console = 4, globalThis = 5, JSON = 6;\nSymbol";
    await debug.breakIn(code, 2);
    const id = debug.kernel.start(code);
    assert.match(await debug.stop(), /^breakpoint 2/);
    assert.equal((await debug.values("Globals")).console, "4");
    assert.equal(await debug.evaluate("Symbol + JSON", 1), "7");
    await debug.continue();
    await debug.kernel.replyTo(id);
  });
});
