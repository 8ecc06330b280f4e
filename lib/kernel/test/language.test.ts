import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KernelClient } from "./client.ts";

const HEADLESS = { allow_stdin: false };

/** A project with a package that declares a global type. Returns its folder of notebooks. */
function makeProject(): string {
  const project = mkdtempSync(join(tmpdir(), "kernel-language-"));
  const device =
    "export declare const tools: { list: string[] };\ndeclare global { interface Device { name: string } }\n";
  const files = {
    "package.json": JSON.stringify({ name: "own", type: "module", exports: { "./*": "./lib/*" } }),
    "tsconfig.json": JSON.stringify({ compilerOptions: { target: "ES2023", lib: ["ES2023"], strict: true } }),
    "lib/util/rng.ts": "export const x = 1;\n",
    "node_modules/devices/package.json": JSON.stringify({ name: "devices", type: "module", main: "main.js" }),
    "node_modules/devices/main.js": "export const tools = { list: [] };\n",
    "node_modules/devices/main.d.ts": device,
    "notebooks/README": "",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  return join(project, "notebooks");
}

describe("kernel: TypeScript", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: makeProject() });
  });
  after(() => kernel.stop());

  it("fails a cell with a type error where nobody watches, before anything runs", async () => {
    const run = await kernel.execute("console.log('ran');\nconst wrong: string = 4;", HEADLESS);
    assert.equal(run.reply.ename, "TypeCheckError");
    assert.equal(run.reply.evalue, "line 2:7 TS2322: Type 'number' is not assignable to type 'string'.");
    assert.equal(run.stdout, "");
    assert.deepEqual(run.error?.traceback, [
      `In [${run.reply.execution_count}]:2:7 - error TS2322: Type 'number' is not assignable to type 'string'.`,
      "2 | const wrong: string = 4;",
      "          ~~~~~",
    ]);
    assert.equal((await kernel.execute("wrong", HEADLESS)).reply.ename, "TypeCheckError");
  });

  it("shows a type error while the cell runs where somebody does", async () => {
    const run = await kernel.execute("const odd: string = 4; odd");
    assert.equal(run.result, "4");
    assert.match(run.stderr, /TS2322: Type 'number' is not assignable to type 'string'/);
  });

  it("shows it while the cell still computes", async () => {
    const id = kernel.start("const early: string = 4; await new Promise((r) => setTimeout(r, 60_000));");
    await kernel.printed(id, "TS2322");
    assert.ok(!kernel.publishedFor(id).some(({ content }) => content.execution_state === "idle"));
    await kernel.interrupt();
    assert.equal((await kernel.finished(id)).reply.ename, "KeyboardInterrupt");
  });

  it("checks uses and assignments of earlier cells' names, of every kind", async () => {
    const cell =
      "let count = 1; const fixed = { a: 1 }; function twice(x: number) { return x * 2; } class Box { v = 'b'; } interface Point { x: number } type Id = string;";
    await kernel.execute(cell, HEADLESS);
    const good = "count = 2; const p: Point = { x: twice(fixed.a) }; const id: Id = new Box().v; [count, p.x, id]";
    assert.equal((await kernel.execute(good, HEADLESS)).result, "[ 2, 2, 'b' ]");
    const bad = [
      "count = 'x'",
      "fixed = { a: 2 }",
      "twice('x')",
      "new Box().w",
      "const q: Point = { y: 1 };",
      "const i: Id = 3;",
    ];
    for (const code of bad) {
      assert.equal((await kernel.execute(code, HEADLESS)).reply.ename, "TypeCheckError", code);
    }
  });

  it("checks a name by its newest declaration, also when a rejected cell tried to declare it", async () => {
    await kernel.execute("const shape = 1;", HEADLESS);
    await kernel.execute("const shape = 'text';", HEADLESS);
    await kernel.execute("const shape: boolean = 5;", HEADLESS);
    assert.equal((await kernel.execute("shape.toUpperCase()", HEADLESS)).result, "'TEXT'");
  });

  it("uses the project's strict options", async () => {
    const implicit = await kernel.execute("function loose(x) { return x; }", HEADLESS);
    assert.match(String(implicit.reply.evalue), /TS7006/);
    const nullish = await kernel.execute("[1].find((x) => x > 1).toFixed()", HEADLESS);
    assert.match(String(nullish.reply.evalue), /TS2532/);
  });

  it("knows what a package declares globally only once a cell imports it", async () => {
    const code = "let device: Device | undefined;";
    assert.match(String((await kernel.execute(code, HEADLESS)).reply.evalue), /TS2304: Cannot find name 'Device'/);
    await kernel.execute('import { tools } from "devices";', HEADLESS);
    assert.equal((await kernel.execute(code, HEADLESS)).error, undefined);
    assert.match(String((await kernel.execute("tools.lists", HEADLESS)).reply.evalue), /TS2551/);
  });

  it("takes types, generics, overloads, decorated and abstract classes, satisfies and enums", async () => {
    const run = await kernel.execute(`function pick(x: string): string;
function pick(x: number): number;
function pick(x: any) { return x; }
abstract class Shape<T> { abstract area(): T; }
class Square extends Shape<number> { constructor(readonly side = 2) { super(); } area(): number { return this.side ** 2; } }
enum Colour { Red = 1 }
const table = { a: 1 } satisfies Record<string, number>;
[pick(1), new Square().area(), Colour.Red, table.a!, (table as { a: number }).a]`);
    assert.equal(run.result, "[ 1, 4, 1, 1, 1 ]");
  });

  it("reports syntax errors with their place", async () => {
    const run = await kernel.execute("const x = 1;\nconst y = ;");
    assert.equal(run.reply.ename, "SyntaxError");
    assert.match(String(run.reply.evalue), /^line 2:11 TS1109: Expression expected/);
  });

  it("completes members, earlier cells' variables and import paths, with their kinds", async () => {
    await kernel.execute("const laboratory = { temperature: 20, 'two words': 1 };");
    const ask = async (code: string, cursor = code.length) =>
      kernel.request("complete_request", { code, cursor_pos: cursor });
    assert.deepEqual((await ask("labor")).matches, ["laboratory"]);
    assert.deepEqual((await ask("__wc")).matches, []);
    const member = await ask("laboratory.temp + 1", 15);
    assert.deepEqual([member.matches, member.cursor_start, member.cursor_end], [["temperature"], 11, 15]);
    const [type] = (member.metadata as { _jupyter_types_experimental: object[] })._jupyter_types_experimental;
    assert.deepEqual(type, { text: "temperature", type: "property", start: 11, end: 15 });
    assert.ok(((await ask('import { x } from "../lib/util/')).matches as string[]).includes("rng.ts"));
    assert.deepEqual((await ask('import { x } from "../lib/util/rn')).matches, ["rng.ts"]);
    assert.deepEqual((await ask('import { x } from "devi')).matches, ["devices"]);
    const own = await ask('import { x } from "own/util/rn');
    assert.deepEqual([own.matches, own.cursor_start, own.cursor_end], [["rng.ts"], 28, 30]);
    assert.ok(((await ask('import { readFi } from "node:fs"', 15)).matches as string[]).includes("readFileSync"));
  });

  it("counts cursors in code points", async () => {
    const code = "const s = '🎬🎬'; laboratory.temp";
    const reply = await kernel.request("complete_request", { code, cursor_pos: [...code].length });
    assert.deepEqual([reply.matches, reply.cursor_start], [["temperature"], [...code].length - 4]);
  });

  it("inspects signature and documentation, in markdown too", async () => {
    await kernel.execute(
      "/** Doubles a number.\n * @param x what to double */\nfunction double(x: number): number { return 2 * x; }",
    );
    const code = "double(21)";
    const { found, data } = await kernel.request("inspect_request", { code, cursor_pos: 7, detail_level: 0 });
    assert.equal(found, true);
    const { "text/markdown": markdown, "text/plain": plain } = data as Record<string, string>;
    assert.match(markdown, /```typescript\n.*double\(x: number\): number\n```\n\nDoubles a number\./);
    assert.match(plain, /Doubles a number/);
    const nothing = await kernel.request("inspect_request", { code: "   ", cursor_pos: 1, detail_level: 0 });
    assert.deepEqual([nothing.found, nothing.data], [false, {}]);
  });

  it("tells complete, incomplete and invalid code apart", async () => {
    const status = async (code: string) => (await kernel.request("is_complete_request", { code })).status;
    for (const code of ["1", "", "const f = () => {\n};", "await x"])
      assert.equal(await status(code), "complete", code);
    for (const code of ["function f() {", "[1,", "`open", "/* open", "f("])
      assert.equal(await status(code), "incomplete", code);
    for (const code of [")", "const = 1", "1 2", "'open"]) assert.equal(await status(code), "invalid", code);
    assert.equal((await kernel.request("is_complete_request", { code: "if (x) {" })).indent, "  ");
    for (const code of ["%timeit 1", "%time let timed = 1", "%%bash\necho\n", "%%html\n<b>\n"])
      assert.equal(await status(code), "complete", code);
    for (const code of ["%%bash\necho", "%%html\n<b", "%time f("]) assert.equal(await status(code), "incomplete", code);
    for (const code of ["%nope", "%timeit"]) assert.equal(await status(code), "invalid", code);
  });

  it("helps with the mistakes newcomers make", async () => {
    const mistakes: [string, RegExp][] = [
      ["print(1)", /console\.log/],
      ["await import('no-such-package')", /npm install no-such-package/],
      ["neverDeclared + 1", /has the cell that declares neverDeclared been run/],
      ["await import('./missing')", /start from the notebook's folder/],
      ["document.title", /%%html/],
    ];
    for (const [code, hint] of mistakes) {
      const { traceback, stderr } = await kernel.execute(code);
      assert.match(`${stderr}${traceback}`, hint, code);
    }
    const forgotten = await kernel.execute("const later = Promise.resolve('x');\nlater.length", HEADLESS);
    assert.match(forgotten.traceback, /an `await` is missing/);
  });
});
