import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleOf } from "../../lib/display/index.ts";
import { type DriftSeedRow, pairedGains, pairedTable, recordDriftSeeds } from "../../lib/experiments/index.ts";

const FURTHER = "post-trained+further";
const row = (model: string, trainingSeed: number | null, frames: number, returns: number[]): DriftSeedRow =>
  ({ model, trainingSeed, frames, returns }) as DriftSeedRow;

describe("gains at revisits in pairs", () => {
  const rows = [
    ...[row("base", null, 125, [9, 9]), row("one", 7, 125, [5, 5])],
    ...[125, 381].flatMap((frames) => [row(FURTHER, 0, frames, [20, 30]), row(FURTHER, 1, frames, [10, 40])]),
    ...[125, 381].flatMap((frames) => [row("arm", 0, frames, [21, 33]), row("arm", 1, frames, [10, 38])]),
  ];

  it("are means over prompts and seeds, every pair counted once", () => {
    // Seed 0: +1 and +3, seed 1: 0 and -2.
    const [{ gainSd, ...gain }, ...others] = pairedGains(rows, FURTHER);
    assert.deepEqual(gain, { model: "arm", seeds: 2, gain: 0.5, pairs: 4, better: 2 });
    assert.ok(Math.abs((gainSd as number) - 1.5 * Math.SQRT2) < 1e-12);
    assert.deepEqual(others, []);
  });

  it("of one seed have no spread; without a common seed there are none", () => {
    const [gain] = pairedGains(
      rows.filter(({ trainingSeed }) => trainingSeed !== 1),
      FURTHER,
    );
    assert.deepEqual([gain.seeds, gain.gain, gain.gainSd], [1, 2, null]);
    assert.deepEqual(pairedGains(rows, "one"), []);
  });

  it("are a table, or a line that says how it is made", async () => {
    const results = mkdtempSync(join(tmpdir(), "drift-pairs-"));
    const text = async (): Promise<string> => (await bundleOf(pairedTable(FURTHER, results)))["text/plain"];
    assert.match(await text(), /--only drift-memory/);
    recordDriftSeeds(rows, {}, results);
    assert.match(await text(), /arm +2 +0\.50 ± 2\.12 +2 +4/);
  });
});
