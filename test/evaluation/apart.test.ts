import assert from "node:assert/strict";
import {
  evaluateApart,
  evaluationPrompts,
  type Profile,
  trueVideo,
  truthRow,
  truthRowsApart,
} from "../../lib/evaluation/index.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";

const PROFILE: Profile = { name: "tiny", trajectories: 1, horizons: [1], seeds: [0, 1], batch: 1 };

describe("evaluation in processes of its own", function () {
  this.timeout(240_000);

  it("gives the numbers and the videos that this process gives, and counts the same clips", async () => {
    const backend = await openBackend();
    const evaluate = async (threads: number) => {
      let clips = 0;
      const count = (made: number): void => {
        clips += made;
      };
      const evaluated = await evaluateApart(["base"], PROFILE, { backend: { ...backend, threads }, onClips: count });
      return { evaluated, clips };
    };
    const [here, apart] = [await evaluate(1), await evaluate(2)];
    assert.deepEqual(
      here.evaluated.map(({ actions }) => actions),
      ["basic", "combined"],
    );
    assert.equal(here.clips, 4);
    // To the bit: both run on one thread.
    assert.deepEqual(apart, here);
  });

  it("judges the beginnings of the first videos under the true world as this process does", async () => {
    const backend = await openBackend();
    const actions = "combined" as const;
    const videos = evaluationPrompts(actions, 2, 2).map(trueVideo);
    const judge = (threads: number) =>
      truthRowsApart([{ model: "true", actions, videos }], { count: 1, clips: 1, backend: { ...backend, threads } });
    const expected = [truthRow("true", actions, videos.slice(0, 1), 1)];
    assert.equal(expected[0].exact, 100);
    assert.deepEqual(await judge(1), expected);
    assert.deepEqual(await judge(2), expected);
  });
});
