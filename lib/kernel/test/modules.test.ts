import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KernelClient } from "./client.ts";

describe("kernel: library files", () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-modules-"));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  let kernel: KernelClient;
  before(async () => {
    write("package.json", JSON.stringify({ name: "own", type: "module", exports: { "./*": "./src/*" } }));
    kernel = await KernelClient.start({ folder });
  });
  after(() => kernel.stop());

  async function traceback(code: string): Promise<string[]> {
    return (await kernel.execute(code)).error?.traceback as string[];
  }

  it("gives tracebacks the TypeScript lines and columns of cells and library", async () => {
    write(
      "lines.ts",
      "interface Long {\n  a: number;\n}\n\nexport function fail(x: Long): never {\n  for (const i of [1]) void i;\n  throw new Error(String(x.a));\n}\n",
    );
    const code =
      'import { fail } from "./lines.ts";\ntype T = number;\nfunction outer(x: T): void {\n  while (true) fail({ a: x });\n}\n\n  outer(3);';
    const [headline, ...frames] = await traceback(code);
    assert.equal(headline, "Error: 3");
    assert.match(frames[0], /^ {4}at fail \(.*\/lines\.ts:7:9\)$/);
    assert.match(frames[1], /^ {4}at outer \(In \[1\]:4:16\)$/);
    assert.match(frames[2], /^ {4}at In \[1\]:7:3$/);
    assert.equal(frames.length, 3);
    assert.equal((await traceback("\n\nouter(4)"))[2], "    at outer (In [1]:4:16)");
  });

  it("shows modules with their values, and runs no getter of theirs", async () => {
    write("shown.ts", "export let n = 1; export const bump = () => { n += 1; }; export { sep } from 'node:path';\n");
    await kernel.execute("import * as shown from './shown.ts'; shown.bump();");
    assert.equal(
      (await kernel.execute("shown")).result,
      "[Module: null prototype] { n: 2, bump: [Function: bump], sep: '/' }",
    );
    const { result } = await kernel.execute("import * as path from 'node:path'; path");
    assert.match(String(result), /^\[Module: null prototype\] \{\n {2}resolve: \[Function: resolve\],/);
    write(
      "lazy.cjs",
      "Object.defineProperty(exports, 'late', { enumerable: true, get() { throw 1; } }); exports.a = 1;\n",
    );
    assert.match(
      String((await kernel.execute("import * as lazy from './lazy.cjs'; lazy")).result),
      /late: \[Getter\],\s+a: 1,/,
    );
  });

  it("gives errors after an await their lines, and follows causes", async () => {
    const lines = await traceback(
      "async function late() {\n  await null;\n  throw new Error('outer', { cause: new TypeError('inner') });\n}\nawait late();",
    );
    assert.match(lines[1], /late \(In \[\d+\]:3:9\)$/);
    assert.ok(lines.includes("Caused by: TypeError: inner"), lines.join("\n"));
  });

  it("loads edited files again, also when a file they import was edited, and keeps the others' state", async () => {
    write("state.ts", "export const made = Math.random();\n");
    write("leaf.ts", "export const value: number = 1;\n");
    write(
      "middle.ts",
      'import { value } from "./leaf.ts";\nimport { made } from "./state.ts";\nexport const doubled = value * 2;\nexport { made };\n',
    );
    const read = 'import { doubled, made } from "./middle.ts"; [doubled, made]';
    const [first, state] = JSON.parse((await kernel.execute(read)).result as string);
    assert.equal(first, 2);
    write("leaf.ts", "export const value: number = 21;\n");
    const [second, kept] = JSON.parse((await kernel.execute(read)).result as string);
    assert.deepEqual([second, kept], [42, state]);
    assert.deepEqual(JSON.parse((await kernel.execute(read)).result as string), [42, state]);
  });

  it("checks cells against the edited file's types", async () => {
    write("typed.ts", "export const value = 1;\n");
    const use = 'import { value } from "./typed.ts"; const n: number = value; n';
    assert.equal((await kernel.execute(use, { allow_stdin: false })).result, "1");
    write("typed.ts", "export const value = 'a string now';\n");
    assert.match(String((await kernel.execute(use, { allow_stdin: false })).reply.evalue), /TS2322/);
  });

  it("recovers from a file that did not parse", async () => {
    write("broken.ts", "export const x = ;\n");
    const broken = await kernel.execute('const { x } = await import("./broken.ts"); x');
    assert.equal(broken.reply.ename, "SyntaxError");
    assert.match(String(broken.reply.evalue), /broken\.ts:1:18: Expression expected/);
    write("broken.ts", "export const x = 5;\n");
    assert.equal((await kernel.execute('const { x } = await import("./broken.ts"); x')).result, "5");
  });

  it("loads files that import each other", async () => {
    write("a.ts", 'import { b } from "./b.ts";\nexport const a = () => 1;\nexport const viaB = () => b();\n');
    write("b.ts", 'import { a } from "./a.ts";\nexport function b() { for (const _ of [1]) return a(); }\n');
    assert.equal((await kernel.execute('import { viaB } from "./a.ts"; viaB()')).result, "1");
  });

  it("imports packages that are ES modules only, their subpath exports, and modules that await", async () => {
    const exports = { ".": { import: "./main.mjs" }, "./deep/*": { import: "./inner/*.mjs" } };
    write("node_modules/modern/package.json", JSON.stringify({ name: "modern", type: "module", exports }));
    write("node_modules/modern/main.mjs", "export const main = await Promise.resolve('awaited');\n");
    write("node_modules/modern/main.d.mts", "export const main: string;\n");
    write("node_modules/modern/inner/part.mjs", "export default class Part {}\n");
    write("node_modules/modern/inner/part.d.mts", "export default class Part {}\n");
    const run = await kernel.execute(
      'import { main } from "modern"; import Part from "modern/deep/part"; [main, new Part()]',
      { allow_stdin: false },
    );
    assert.equal(run.result, "[ 'awaited', Part {} ]", JSON.stringify(run.reply));
  });

  it("imports the notebook's own package by name", async () => {
    write("src/part.ts", "export const part: number = 7;\n");
    const run = await kernel.execute('import { part } from "own/part.ts"; part', { allow_stdin: false });
    assert.equal(run.result, "7", JSON.stringify(run.reply));
  });
});
