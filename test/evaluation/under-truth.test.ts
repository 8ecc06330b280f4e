import assert from "node:assert/strict";
import { ACTION_KINDS, evaluationPrompts, trueVideo, truthRow } from "../../lib/evaluation/index.ts";
import { LATENT_SIZE } from "../../lib/model/tokeniser/config.ts";
import { loadTokeniser, type Tokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";

const CLIPS = 2;

describe("obedience under the true world", function () {
  this.timeout(120_000);
  let tokeniser: Tokeniser;
  before(async () => {
    await openBackend();
    tokeniser = loadTokeniser();
  });

  it("videos of the true clips obey, by both kinds of prompt; those that repeat their first latent do not", () => {
    for (const kind of ACTION_KINDS) {
      const latents = tokeniser.encode(trueVideo(evaluationPrompts(kind, 1, CLIPS)[0]));
      const repeated = latents.map((_, i) => latents[i < LATENT_SIZE ? i : LATENT_SIZE + (i % LATENT_SIZE)]);
      const [good, bad] = [latents, repeated].map((video) => truthRow("", kind, [tokeniser.decode(video)], CLIPS));
      const { exact, translation, rotation } = good;
      // Of 7 latents one may be misread through the tokeniser.
      assert.ok(exact >= 85 && translation >= 85 && rotation >= 85, `${exact} ${translation} ${rotation}`);
      assert.ok(bad.exact < exact, `${bad.exact}`);
    }
  });

  it("of longer videos the beginnings are judged", () => {
    const [prompt] = evaluationPrompts("combined", 1, CLIPS + 1);
    const longer = trueVideo(prompt);
    const short = trueVideo(evaluationPrompts("combined", 1, CLIPS)[0]);
    assert.ok(longer.length > short.length);
    assert.deepEqual(truthRow("true", "combined", [longer], CLIPS), truthRow("true", "combined", [short], CLIPS));
    assert.equal(truthRow("true", "combined", [longer], CLIPS).exact, 100);
  });
});
