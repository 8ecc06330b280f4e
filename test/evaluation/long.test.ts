import assert from "node:assert/strict";
import { driftProfileOf } from "../../lib/evaluation/drift-memory-profile.ts";
import { longClips, longRows } from "../../lib/evaluation/long.ts";
import { makeWorldModel } from "../../lib/model/legacy/rollout.ts";
import { loadTokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import { loadEstimator } from "../../lib/rewards/estimator/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { TINY, tinyParams } from "../rollout/tiny.ts";

describe("very long videos", function () {
  this.timeout(240_000);

  it("are measured per clip, and at both ends, for every model and the floor", async () => {
    await openBackend();
    const profile = driftProfileOf("smoke");
    const judges = { tokeniser: loadTokeniser(), estimator: loadEstimator("evaluation"), evaluator: "evaluation" };
    let made = 0;
    const model = { name: "tiny", model: makeWorldModel(tinyParams(), TINY) };
    const rows = longRows([model], profile, judges, (clips) => {
      made += clips;
    });
    assert.equal(made, longClips(profile));
    assert.deepEqual(
      rows.map(({ model: name, frames, videos, psnr, accuracy }) => [
        name,
        frames,
        videos,
        psnr.length,
        accuracy.length,
      ]),
      [
        ["tiny", 61, 1, 4, 4],
        ["same-look", 61, 1, 4, 4],
      ],
    );
    const [tiny, floor] = rows;
    // Four clips are four segments of one.
    for (const row of rows) {
      assert.ok(Math.abs(row.psnrFirst - row.psnr[0]) < 0.01 && Math.abs(row.psnrLast - row.psnr[3]) < 0.01);
      assert.ok(Math.abs(row.accuracyLast - row.accuracy[3]) < 0.01);
    }
    assert.ok(floor.accuracyLast > tiny.accuracyLast);
  });
});
