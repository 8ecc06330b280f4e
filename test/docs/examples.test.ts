/** The public names are explained, and the programs that explain them run and print what they say. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { examplesIn, publicNames } from "./door.ts";
import { writeNetworks } from "./networks.ts";

/** Inside of the project, so that `worldcompass` is found. */
const PROGRAMS = resolve(".cache/examples");

/** What a program prints where it says so: the text behind `// =>` on a line. */
const promised = (code: string): string[] => [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, text]) => text);

/** Runs a program and gives the lines that it logs. */
async function logged(file: string): Promise<string[]> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(values.map(String).join(" "));
  try {
    await import(pathToFileURL(file).href);
  } finally {
    console.log = log;
  }
  return lines;
}

describe("the public names", () => {
  const names = publicNames();
  let dir: string;
  let count = 0;
  before(async () => {
    await openBackend();
    dir = mkdtempSync(join(tmpdir(), "examples-"));
    mkdirSync(PROGRAMS, { recursive: true });
    writeNetworks(join(dir, "networks"));
  });
  after(() => rmSync(dir, { recursive: true }));

  it("are some forty values, each named once, and their types", () => {
    const values = names.filter(({ isType }) => !isType);
    assert.ok(values.length >= 35 && values.length <= 50, `${values.length}`);
    assert.equal(new Set(names.map(({ name }) => name)).size, names.length);
  });

  for (const { name, file, isType, comment } of names) {
    it(`${name} (${file}) is explained${isType ? "" : ", and its example runs"}`, async () => {
      assert.match(comment, /\w/);
      const examples = examplesIn(comment);
      if (!isType) assert.ok(examples.length > 0, "it has no example");
      for (const code of examples) {
        assert.ok(code.includes('from "worldcompass"'));
        const program = join(PROGRAMS, `${name}-${process.pid}-${count++}.ts`);
        // A folder for each, for what a program loads and writes.
        const here = code.replace(/"(networks|runs|metrics|report)\b/g, `"${dir}/$1`).replace('(".")', `("${dir}")`);
        writeFileSync(program, `${here}\nexport {};\n`);
        try {
          const lines = await logged(program);
          assert.deepEqual(lines.slice(0, promised(code).length), promised(code));
        } finally {
          rmSync(program);
        }
      }
    });
  }
});
