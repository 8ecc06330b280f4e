import assert from "node:assert/strict";
import { withCarried } from "../../lib/model/legacy/carried.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "../../lib/model/legacy/config.ts";
import { velocityInWindow } from "../../lib/model/legacy/dit.ts";
import type { Look } from "../../lib/model/legacy/memory.ts";
import { MEMORY_DEFAULTS } from "../../lib/model/legacy/memory.ts";
import { makeWorldModel } from "../../lib/model/legacy/rollout.ts";
import { type ClipSampler, makeClipSampler } from "../../lib/rollout/sampler.ts";
import { conditionIn, picturesIn } from "../../lib/rollout/situation.ts";
import { tokenMask, windowBatch } from "../../lib/training/pretraining/loss.ts";
import type { Window } from "../../lib/training/pretraining/window.ts";
import { Rng } from "../../lib/util/rng.ts";
import { FRAME_BYTES } from "../../lib/world/index.ts";
import { CARRYING, codecOfTests, withSmallParams } from "../model/legacy/small.ts";
import { assertClose } from "../model/nn/close.ts";
import { type Case, casesOf, LATENT, situationIn, video } from "./cases.ts";

const ONE_STEP = { steps: 1, shift: 1 };
const CLIPS = [0, 1, 3, 6, 7];
const noiseOf = (n: number): Float32Array => Rng.of("noise", n).normals(CLIP_SIZE);

/** The window with target `t` as sampling begins: pure noise, but for a given first latent. */
function begun({ window, t, n }: Case): Window {
  const { tokens, sigma, ...told } = window.targets[t];
  const given = n === 0 ? 1 : 0;
  const [noise, levels] = [noiseOf(n), new Float32Array(CLIP_LATENTS).fill(1)];
  noise.set(tokens.subarray(0, given * LATENT));
  levels.set(Array.from(sigma).slice(0, given));
  const target = { ...told, tokens: noise, sigma: levels };
  return { ...window, targets: window.targets.map((other, i) => (i === t ? target : other)) };
}

describe("what is carried of a video's pictures", () => {
  const params = withSmallParams(CARRYING);
  let clipSampler: ClipSampler;
  before(() => {
    clipSampler = makeClipSampler(CARRYING, ONE_STEP, 0, codecOfTests);
  });
  after(() => clipSampler.dispose());

  const [commanded, free] = [casesOf(), casesOf(1)];
  const one = (cases: Case[], n: number): Case => cases.find((some) => some.n === n) as Case;

  /** The clean clip that training predicts, what is given left out. */
  function trained(some: Case, codec = codecOfTests): Float32Array {
    const window = begun(some);
    const { context, targets, mask } = windowBatch([window], codec);
    const all = velocityInWindow(params, CARRYING, context, targets, tokenMask(mask)).dataSync() as Float32Array;
    return window.targets[some.t].tokens.map((x, i) => x - all[some.t * CLIP_SIZE + i]).subarray(LATENT);
  }

  function rolledOut({ n, clips, start }: Case, retrieval = true): Float32Array {
    const memory = { ...MEMORY_DEFAULTS, retrieval };
    const rollout = makeWorldModel(params, CARRYING, { sampler: ONE_STEP, memory, codec: codecOfTests }).begin([start]);
    clips.forEach((clip, k) => {
      rollout.append([video.actions[k]], [clip], [video.paths[k]]);
    });
    const [made] = rollout.propose([video.actions[n]], [noiseOf(n)]);
    rollout.dispose();
    return made.subarray(LATENT);
  }

  function sampled(some: Case, guidance = 1, forgetting: readonly boolean[] = [false]): Float32Array[] {
    const { n } = some;
    const candidates = forgetting.map((forgets) => {
      const manner = { told: video.actions[n], guidance, eta: 0, forgets };
      return { manner, noise: noiseOf(n), rng: Rng.of("fresh") };
    });
    const [made] = clipSampler.sample(params, [{ situation: situationIn(some), candidates }]);
    return made.map(({ tokens }) => tokens.subarray(LATENT));
  }

  it("is the same in a training window and in post-training", () => {
    for (const n of CLIPS) {
      const some = one(commanded, n);
      const situation = situationIn(some);
      const target = some.window.targets[some.t];
      const condition = conditionIn(situation, video.actions[n]);
      const [inWindow, inSituation] = withCarried(
        [target, { ...target, condition, ...picturesIn(situation, condition) }],
        codecOfTests,
      );
      assert.deepEqual(inSituation.carried, inWindow.carried);
    }
  });

  for (const n of CLIPS) {
    it(`clip ${n}: a rollout and the sampler of post-training predict what training predicts`, () => {
      const some = one(commanded, n);
      // Sums in another order: a few 1e-6.
      for (const made of [rolledOut(some), ...sampled(some)]) assertClose(made, trained(some), 2e-5);
      const black = new Uint8Array(FRAME_BYTES);
      const sights = (looks: readonly Look[]) =>
        codecOfTests.sights(looks).map((sight) => ({ ...sight, picture: black }));
      const dark = trained(some, { ...codecOfTests, sights });
      assert.throws(() => assertClose(dark, trained(some), 1e-3), "it matters what the pictures show");
    });
  }

  it("without a command is the same in guidance as in training", () => {
    for (const n of [0, 3]) assertClose(sampled(one(free, n), 0)[0], trained(one(free, n)), 2e-5);
  });

  it("of a candidate that forgets is what a rollout without retrieval is shown", () => {
    for (const n of [1, 3]) {
      const some = one(commanded, n);
      const [forgetting, remembering] = sampled(some, 1, [true, false]);
      assertClose(forgetting, rolledOut(some, false), 2e-5);
      assertClose(remembering, rolledOut(some), 2e-5);
      assert.throws(() => assertClose(forgetting, remembering, 1e-3), "there is something to forget");
    }
  });
});
