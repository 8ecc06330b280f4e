import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/backend.ts";
import { ACTION_KINDS, evaluationPrompts, rowsUnderTruth, trueVideo, truthRow } from "../../lib/evaluation/index.ts";
import { CLIP_SIZE } from "../../lib/model/config.ts";
import { toTokens } from "../../lib/model/tokens.ts";
import type { WorldModel } from "../../lib/model/worldModel.ts";
import { loadTokeniser, type Tokeniser } from "../../lib/tokeniser/tokeniser.ts";

const CLIPS = 2;

describe("obedience under the true world", function () {
  this.timeout(120_000);
  let tokeniser: Tokeniser;
  before(async () => {
    await openBackend();
    tokeniser = loadTokeniser();
  });

  /** A model that knows the answer, or that shows the first clip again and again. */
  function knowing(repeat: boolean): WorldModel {
    const videos = ACTION_KINDS.map((kind) =>
      toTokens(tokeniser.encode(trueVideo(evaluationPrompts(kind, 1, CLIPS)[0]))),
    );
    const clipOf = (video: Float32Array, n: number) => video.subarray(n * CLIP_SIZE, (n + 1) * CLIP_SIZE);
    let kind = 0;
    return {
      begin: () => {
        const video = videos[kind++];
        const made: Float32Array[] = [];
        return {
          count: 1,
          get length() {
            return made.length;
          },
          propose: () => [clipOf(video, repeat ? 0 : made.length)],
          append: (_, clips) => {
            made.push(clips[0]);
          },
          clips: () => made,
          paths: () => [],
          dispose: () => undefined,
        };
      },
    };
  }

  it("a model that shows the true clips obeys, by both kinds of prompt; one that repeats its first clip does not", () => {
    const rows = rowsUnderTruth("perfect", knowing(false), tokeniser, { count: 1, clips: CLIPS });
    assert.deepEqual(
      rows.map(({ model, actions, videos }) => [model, actions, videos]),
      [
        ["perfect", "basic", 1],
        ["perfect", "combined", 1],
      ],
    );
    const repeated = rowsUnderTruth("repeating", knowing(true), tokeniser, { count: 1, clips: CLIPS });
    rows.forEach(({ exact, translation, rotation }, i) => {
      // Of 7 latents one may be misread through the tokeniser.
      assert.ok(exact >= 85 && translation >= 85 && rotation >= 85, `${exact} ${translation} ${rotation}`);
      assert.ok(repeated[i].exact < exact, `${repeated[i].exact}`);
    });
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
