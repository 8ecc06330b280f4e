import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleOf } from "../../lib/display/index.ts";
import {
  type DriftSeedRow,
  driftSeedRows,
  driftSeedTable,
  recordDriftSeeds,
  summariseDrift,
} from "../../lib/experiments/index.ts";

const row = (model: string, trainingSeed: number | null, frames: number, value: number): DriftSeedRow =>
  ({
    ...{ model, trainingSeed, frames, segmentPsnrLoss: value, revisitPsnr: value > 5 ? value : null },
    ...{ combinedAccuracy: value, routeAccuracy: value, objectsKept: value },
  }) as DriftSeedRow;

describe("drift over training seeds", () => {
  const rows = [row("base", null, 125, 3), row("post-trained", 0, 125, 6), row("post-trained", 1, 125, 8)];

  it("is one line for each model and horizon, with mean and spread", () => {
    const [base, trained, ...others] = summariseDrift(rows);
    assert.deepEqual(others, []);
    assert.deepEqual([base.seeds, base.segmentPsnrLoss, base.segmentPsnrLossSd, base.revisitPsnr], [1, 3, null, null]);
    assert.deepEqual([trained.seeds, trained.revisitPsnr, trained.revisitPsnrSd], [2, 7, Math.SQRT2]);
    assert.equal(summariseDrift([...rows, row("base", null, 381, 3)]).length, 3);
  });

  it("rejected in one of the seeds has no mean", () => {
    assert.equal(summariseDrift([row("a", 0, 125, 4), row("a", 1, 125, 6)])[0].revisitPsnr, null);
  });

  it("is recorded in order, whichever run was first, and in the place of earlier rows", () => {
    const results = mkdtempSync(join(tmpdir(), "drift-seeds-"));
    recordDriftSeeds(rows.slice(2), {}, results);
    recordDriftSeeds([row("post-trained", 0, 381, 1), row("post-trained", 0, 125, 1)], {}, results);
    recordDriftSeeds(rows.slice(0, 1), {}, results);
    recordDriftSeeds([row("post-trained", 1, 125, 9)], {}, results);
    assert.deepEqual(
      driftSeedRows(results).map(({ model, trainingSeed, frames, combinedAccuracy }) => [
        ...[model, trainingSeed, frames, combinedAccuracy],
      ]),
      [
        ["base", null, 125, 3],
        ["post-trained", 0, 125, 1],
        ["post-trained", 0, 381, 1],
        ["post-trained", 1, 125, 9],
      ],
    );
  });

  it("is a table, or a line that says how it is made", async () => {
    const results = mkdtempSync(join(tmpdir(), "drift-seeds-"));
    const text = async (): Promise<string> => (await bundleOf(driftSeedTable("seeds", results)))["text/plain"];
    assert.match(await text(), /--only drift-memory/);
    recordDriftSeeds(rows, {}, results);
    assert.match(await text(), /post-trained +2 +125 +7\.0 ± 1\.4/);
  });
});
