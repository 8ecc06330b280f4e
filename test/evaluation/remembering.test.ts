import assert from "node:assert/strict";
import { rememberingRows } from "../../lib/evaluation/drift.ts";
import { loadTokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { UserError } from "../../lib/util/errors.ts";

describe("what a memory reward has to choose between", function () {
  this.timeout(180_000);
  let slow: boolean;
  before(async () => {
    slow = (await openBackend()).name === "wasm";
  });

  it("more where half of the candidates are shown the last picture alone, and those remember less", function () {
    // Some forty clips: minutes there.
    if (slow) this.skip();
    const options = { clips: [5], perRoute: 1, branches: 4 };
    const [row] = rememberingRows("checkpoints/post-trained", loadTokeniser(), options);
    assert.equal(row.clip, 5);
    assert.ok(row.prompts >= 1 && row.prompts <= 3);
    assert.ok(row.forgetting < row.remembering && row.remembering < 0, `${row.forgetting} ${row.remembering}`);
    // Measured: ten to forty times.
    assert.ok(row.mixedSpread > 3 * row.noiseSpread, `${row.mixedSpread} ${row.noiseSpread}`);
    assert.ok(row.noiseSpread > 0);
  });

  it("clips in which nothing comes back, and odd groups, are refused", () => {
    const rows = (clip: number, branches: number) => () =>
      rememberingRows("checkpoints/post-trained", loadTokeniser(), { clips: [clip], perRoute: 1, branches });
    assert.throws(rows(2, 4), UserError);
    assert.throws(rows(5, 5), UserError);
  });
});
