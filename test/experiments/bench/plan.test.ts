import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { contextSizes, planTensors } from "../../../lib/experiments/bench/plan.ts";
import { samplingWork } from "../../../lib/experiments/bench/workload.ts";
import { type Carried, withCarried } from "../../../lib/model/legacy/carried.ts";
import { commandedPath, type LatentPath } from "../../../lib/model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "../../../lib/model/legacy/config.ts";
import type { Start } from "../../../lib/model/legacy/worldModel.ts";
import { conditionIn, picturesIn, situationOf } from "../../../lib/rollout/situation.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { joinFloats } from "../../../lib/util/arrays.ts";
import { codecOfTests } from "../../model/legacy/small.ts";

const LATENT = CLIP_SIZE / CLIP_LATENTS;
const STILL = [0, 0, 0, 0];

/** The camera's way under these actions. */
function waysOf({ pose }: Start, actions: readonly (readonly number[])[]): LatentPath[][] {
  const ways: LatentPath[][] = [];
  for (const four of actions) ways.push(commandedPath(ways.at(-1)?.at(-1)?.end ?? pose, four, ways.length === 0));
  return ways;
}

describe("the sampling work as PyTorch is told it", () => {
  before(() => openBackend());

  it("names the latents that a video's clips remember, the first clip's none", () => {
    const work = samplingWork(2, 7);
    const tensors = tf.memory().numTensors;
    const plan = planTensors(work);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(contextSizes(plan), [0, 1, 2, 3, 4, 5, 5]);
    assert.ok(!("plan.0.recalled" in plan));
    work.starts.forEach((start, video) => {
      // Which clips these are does not matter, as long as they differ.
      const [clips, actions] = [work.noises, work.actions].map((all) => all.map((perVideo) => perVideo[video]));
      for (let n = 1; n < clips.length; n++) {
        const before = waysOf(start, actions as number[][]);
        const situation = situationOf(start, actions.slice(0, n + 1), clips.slice(0, n) as Float32Array[], before);
        const { remembered } = picturesIn(situation, conditionIn(situation, actions[n]));
        const latent = plan[`plan.${n}.recalled`].data[video];
        const at = (latent % CLIP_LATENTS) * LATENT;
        assert.deepEqual(remembered?.tokens, clips[Math.floor(latent / CLIP_LATENTS)].slice(at, at + LATENT));
      }
    });
  });

  it("holds the carried pictures once the clips are known", () => {
    const work = samplingWork(2, 6);
    const clips = work.starts.map((_, video) => work.noises.map((perVideo) => perVideo[video]));
    // As if every other clip had stood still.
    const ways = work.starts.map((start, video) =>
      waysOf(
        start,
        work.actions.map((perVideo, n) => (n % 2 === 1 ? STILL : Array.from(perVideo[video]))),
      ),
    );
    const plan = planTensors(work, { clips, ways, codec: codecOfTests });
    for (const n of [0, 1, 5]) {
      const expected = work.starts.map((start, video) => {
        const actions = work.actions.slice(0, n + 1).map((perVideo) => perVideo[video]);
        const situation = situationOf(start, actions, clips[video].slice(0, n), ways[video]);
        const condition = conditionIn(situation, actions[n]);
        const target = { tokens: clips[video][n], sigma: [0, 0, 0, 0], condition, ...picturesIn(situation, condition) };
        return withCarried([target], codecOfTests)[0].carried as Carried;
      });
      for (const [name, part] of [
        ["carried", "tokens"],
        ["known", "known"],
      ] as const)
        assert.deepEqual(plan[`plan.${n}.${name}`].data, joinFloats(expected.map((carried) => carried[part])));
    }
    assert.ok(!Object.keys(planTensors(work)).some((name) => name.endsWith(".carried")));
  });
});
