import assert from "node:assert/strict";
import { CLIP_LATENTS, CLIP_SIZE } from "../../lib/model/legacy/config.ts";
import { velocityInWindow } from "../../lib/model/legacy/dit.ts";
import { MEMORY_DEFAULTS, type MemoryOptions } from "../../lib/model/legacy/memory.ts";
import { makeWorldModel } from "../../lib/model/legacy/rollout.ts";
import { picturesIn } from "../../lib/rollout/situation.ts";
import { tokenMask, windowBatch } from "../../lib/training/pretraining/loss.ts";
import { SMALL, withSmallParams } from "../model/legacy/small.ts";
import { assertClose } from "../model/nn/close.ts";
import { type Case, casesOf, LATENT, situationIn, video } from "./cases.ts";

describe("what is remembered of a video", () => {
  const params = withSmallParams();
  const cases = casesOf();
  const one = (n: number): Case => cases.find((some) => some.n === n) as Case;

  /** The clean clip that training predicts, what is given left out. */
  function trained({ window, t }: Case): Float32Array {
    const { context, targets, mask } = windowBatch([window]);
    const all = velocityInWindow(params, SMALL, context, targets, tokenMask(mask)).dataSync() as Float32Array;
    const { tokens, sigma } = window.targets[t];
    return tokens.map((x, i) => x - sigma[CLIP_LATENTS - 1] * all[t * CLIP_SIZE + i]).subarray(LATENT);
  }

  /** The same in a rollout, by a single step from the same noisy clip. */
  function rolledOut({ window, t, n, clips, start }: Case, memory: MemoryOptions): Float32Array {
    const rollout = makeWorldModel(params, SMALL, { sampler: { steps: 1, shift: 1 }, memory }).begin([start]);
    clips.forEach((clip, k) => {
      rollout.append([video.actions[k]], [clip]);
    });
    const eps = window.velocities[t].map((v, i) => v + video.tokens[n][i]);
    const renoised = { clips: [video.tokens[n]], sigma: window.targets[t].sigma[CLIP_LATENTS - 1] };
    const [made] = rollout.propose([video.actions[n]], [eps], renoised);
    rollout.dispose();
    return made.subarray(LATENT);
  }

  const forgetful = (some: Case): Case => {
    const targets = some.window.targets.map((target) => ({ ...target, remembered: undefined }));
    return { ...some, window: { ...some.window, targets } };
  };

  it("is tried on starts of videos and on clips with a retrieved one in their context", () => {
    const found = new Set(cases.map(({ n }) => n));
    for (const n of [0, 1, 2, 3]) assert.ok(found.has(n), `clip ${n}`);
    assert.ok([...found].filter((n) => n > 4).length > 1, `${[...found]}`);
  });

  it("is one picture in a training window and in post-training: its tokens, its view and its time", () => {
    for (const some of cases) {
      const situation = situationIn(some);
      const { first, time } = situation;
      const target = some.window.targets[some.t];
      const { remembered, previous } = picturesIn(situation, target.condition);
      assert.deepEqual(remembered, target.remembered);
      assert.deepEqual(previous, target.previous);
      assert.deepEqual([first, time], [some.n === 0, target.condition.time]);
      assert.equal(remembered === undefined, some.n === 0);
    }
  });

  it("is of one age or another, and never the picture before", () => {
    const ages = cases.flatMap(({ window, t }) => {
      const { remembered, condition } = window.targets[t];
      return remembered ? [condition.time - remembered.time] : [];
    });
    assert.ok(Math.min(...ages) > 1);
    assert.ok(new Set(ages).size > 3, `${ages}`);
  });

  for (const n of [0, 1, 3, 6, 7]) {
    it(`clip ${n}: a rollout with cached context predicts what training predicts`, () => {
      const some = one(n);
      // Sums in another order: a few 1e-6.
      assertClose(rolledOut(some, MEMORY_DEFAULTS), trained(some), 2e-5);
      if (n === 0) return;
      assert.throws(() => assertClose(trained(forgetful(some)), trained(some), 1e-3), "it matters what is remembered");
    });
  }

  it("is nothing where retrieval is switched off", () => {
    for (const n of [1, 3]) {
      const some = one(n);
      assertClose(rolledOut(some, { ...MEMORY_DEFAULTS, retrieval: false }), trained(forgetful(some)), 2e-5);
    }
  });
});
