import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../lib/util/errors.ts";
import { withLock } from "../../lib/util/lock.ts";
import { fromRoot } from "../../lib/util/root.ts";

/** A program that adds `times` to the number in a file, one by one. */
const counting = (path: string, times: number): string[] => [
  ...["--import", "tsx", "--input-type=module", "-e"],
  `import { readFileSync } from "node:fs";
   import { writeAtomic } from ${JSON.stringify(fromRoot("lib/util/files.ts"))};
   import { withLock } from ${JSON.stringify(fromRoot("lib/util/lock.ts"))};
   const path = ${JSON.stringify(path)};
   for (let i = 0; i < ${times}; i++)
     await withLock(path, async () => writeAtomic(path, String(Number(readFileSync(path, "utf8")) + 1)));`,
];

const finished = (args: string[]): Promise<number | null> =>
  new Promise((resolve) => spawn(process.execPath, args, { cwd: fromRoot("."), stdio: "inherit" }).on("exit", resolve));

describe("a lock", () => {
  let [dir, path]: string[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "lock-"));
    path = join(dir, "count");
    writeFileSync(path, "0");
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("lets processes change one file without losing anything, and leaves nothing behind", async () => {
    assert.deepEqual(await Promise.all([1, 2, 3].map(() => finished(counting(path, 40)))), [0, 0, 0]);
    assert.equal(readFileSync(path, "utf8"), "120");
    assert.deepEqual(readdirSync(dir), ["count"]);
  });

  it("is held over work that waits, against others of the same process too, and given back when the work fails", async () => {
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(name);
      await new Promise((resolve) => setTimeout(resolve, 30));
      seen.push(name);
      return name;
    };
    const names = ["a", "b", "c"];
    assert.deepEqual(await Promise.all(names.map((name) => withLock(path, work(name)))), names);
    for (let i = 0; i < seen.length; i += 2) assert.equal(seen[i], seen[i + 1]);
    await assert.rejects(
      withLock(path, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(await withLock(path, async () => 7), 7);
    writeFileSync(`${path}.lock`, `${process.pid} 0`);
    await assert.rejects(withLock(path, work("d"), { patience: 50 }), UserError);
  });

  it("of a dead process does not count; that of a living one does", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(`${path}.lock`, `${pid} 0`);
    assert.equal(await withLock(path, async () => 7, { patience: 1000 }), 7);
    writeFileSync(`${path}.lock`, `${process.pid} 0`);
    await assert.rejects(
      withLock(path, async () => 7, { patience: 50 }),
      UserError,
    );
  });
});
