import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromRoot } from "../../lib/util/root.ts";

describe("npm run group", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "group-"));
  });
  after(() => rmSync(dir, { recursive: true }));

  function run(submission: unknown): string {
    const file = join(dir, "group.json");
    writeFileSync(file, JSON.stringify(submission));
    const args = ["--import", "tsx", "lib/cli/group.ts", "--file", file];
    return execFileSync(process.execPath, args, { cwd: fromRoot("."), encoding: "utf8", stdio: "pipe" });
  }

  it("runs the arms of a file, and asked again keeps their results", () => {
    const arms = [{ name: "a", module: "test/experiments/group/plain.ts", config: { add: 2 } }];
    const told = run({ dir: join(dir, "runs"), arms });
    assert.match(told, /^a: \{"sum":3,"at":\d+\}$/m);
    assert.equal(run({ dir: join(dir, "runs"), arms }), told);
  });

  it("says what is wrong with a file, and of a module that there is none", () => {
    const cases: [unknown, RegExp][] = [
      [[1], /group\.json: .*object/],
      [{ dir, arms: [{ nme: "a", module: "x" }] }, /group\.json: arms: 0: name: .*\n {2}-> give \{ dir, arms/],
      [{ dir, arms: [{ name: "a", module: "my/arm.ts" }] }, /arm "a": there is no module my\/arm\.ts/],
    ];
    for (const [submission, line] of cases) assert.throws(() => run(submission), { message: line });
  });
});
