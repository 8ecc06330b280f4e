import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RECIPES } from "../../lib/world/data/index.ts";
import { RECORDED } from "../../lib/world/index.ts";

describe("the command that makes a data set", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "data-"));
  });
  after(() => rmSync(root, { recursive: true }));

  const command = (...args: string[]) => {
    const size = ["--trajectories", "1", "--latents", "5", "--out", root];
    return spawnSync(process.execPath, ["--import", "tsx", "lib/cli/data.ts", ...size, ...args], { encoding: "utf8" });
  };

  it("makes a recorded split with the rollover that is asked for, and keeps the rest of its recipe", () => {
    const { status, stderr } = command("--split", "validation", "--combined-full", "0.5");
    assert.equal(status, 0, stderr);
    const { config } = JSON.parse(readFileSync(join(root, "validation", "manifest.json"), "utf8"));
    const rollover = { ...RECORDED, combinedFull: 0.5 };
    assert.deepEqual(config.recipe, { ...RECIPES.validation, rollover });
  });

  it("refuses a rollover for a split whose key log is clean", () => {
    for (const option of ["--combinedFull", "--basicLost"]) {
      const { status, stderr } = command("--split", "rl", option, "0.5");
      assert.equal(status, 1);
      assert.match(stderr, /^the key log of split "rl" is clean\n {2}-> leave out --combinedFull and --basicLost/);
    }
    assert.ok(!readdirSync(root).includes("rl"));
  });
});
