import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { CLIP_LATENTS, CLIP_SIZE } from "../../../lib/model/legacy/config.ts";
import { type GenerationOptions, makeWorldModel } from "../../../lib/model/legacy/rollout.ts";
import type { Rollout, Start } from "../../../lib/model/legacy/worldModel.ts";
import type { Params } from "../../../lib/model/nn/params.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { actionOf } from "../../../lib/world/index.ts";
import { assertClose } from "../nn/close.ts";
import { randomActions, randomStart, SMALL, smallParams } from "./small.ts";

const FIRST = CLIP_SIZE / CLIP_LATENTS;
const noiseOf = (video: number | string, clip: number): Float32Array => Rng.of("noise", video, clip).normals(CLIP_SIZE);
const actionsOf = (video: number | string, clip: number): number[] => randomActions(Rng.of("actions", video, clip));
const sameClips = (actual: Float32Array[], expected: Float32Array[], tolerance: number): void => {
  for (const [n, clip] of actual.entries()) assertClose(clip, expected[n], tolerance, `clip ${n}`);
};
const FAST = { steps: 2, shift: 3 };

describe("a rollout of the world model", () => {
  let params: Params;
  before(async () => {
    await openBackend();
    params = smallParams();
  });

  const begin = (starts: Start[], options: Partial<GenerationOptions> = {}): Rollout =>
    makeWorldModel(params, SMALL, { sampler: FAST, ...options }).begin(starts);

  /** Continues the named videos by `clips` clips of their own actions and noises. */
  function generate(
    names: (number | string)[],
    clips: number,
    options: Partial<GenerationOptions> = {},
  ): Float32Array[][] {
    const rollout = begin(
      names.map((name) => randomStart(name)),
      options,
    );
    for (let clip = 0; clip < clips; clip++) {
      const actions = names.map((name) => actionsOf(name, clip));
      rollout.append(
        actions,
        rollout.propose(
          actions,
          names.map((name) => noiseOf(name, clip)),
        ),
      );
    }
    const made = names.map((_, i) => [...rollout.clips(i)]);
    rollout.dispose();
    return made;
  }

  it("with cached keys and values equals one that encodes its context anew for every clip", () => {
    const cached = generate([1, 2], 6);
    const uncached = generate([1, 2], 6, { cache: false });
    // The same operations on the same numbers: only the order of sums may differ between calls.
    for (const [i, clips] of cached.entries()) sameClips(clips, uncached[i], 1e-5);
  });

  it("compiled equals one that is not", () => {
    const plain = generate([1, 2], 6);
    const compiled = generate([1, 2], 6, { compiled: true });
    // A graph may fuse operations and sum in another order; five steps of six clips build on each other.
    for (const [i, clips] of compiled.entries()) sameClips(clips, plain[i], 1e-3);
    assert.deepEqual(generate([1, 2], 6, { compiled: true }), compiled);
  });

  it("begins with the given picture, untouched", () => {
    const [[first]] = generate([3], 1);
    assert.deepEqual(first.subarray(0, FIRST), randomStart(3).latent);
    assert.ok(first.every(Number.isFinite) && first.subarray(FIRST).some((x, i) => x !== noiseOf(3, 0)[FIRST + i]));
  });

  it("is the same again, and the same whatever other videos it grows with", () => {
    const together = generate([1, 2, 3], 5);
    assert.deepEqual(generate([1, 2, 3], 5), together);
    for (const i of [0, 2]) {
      const [alone] = generate([i + 1], 5);
      // A product with one row may be summed in another order than one with three; 10 Euler steps carry it on.
      sameClips(alone, together[i], 1e-4);
    }
  });

  it("proposes candidates without choosing one, each the clip that its noise alone would give", () => {
    const rollout = begin([randomStart(1), randomStart(2)]);
    for (let clip = 0; clip < 5; clip++) {
      const actions = [actionsOf(1, clip), actionsOf(2, clip)];
      const noises = ["1a", "1b", "1c", "2a", "2b", "2c"].map((name) => noiseOf(name, clip));
      const candidates = rollout.propose(actions, noises);
      assert.equal(rollout.length, clip);
      const [b1, b2] = rollout.propose(actions, [noises[1], noises[4]]);
      assertClose(candidates[1], b1, 1e-5);
      assertClose(candidates[4], b2, 1e-5);
      rollout.append(actions, [candidates[1], candidates[4]]);
    }
    rollout.dispose();
  });

  it("denoises a given clip: the less it was noised, the nearer it stays; at full noise it is forgotten", () => {
    const rollout = begin([randomStart(1)]);
    const [actions, noise, given] = [[actionsOf(1, 0)], noiseOf(1, 0), noiseOf("given", 0)];
    const distance = (sigma: number): number => {
      const [made] = rollout.propose(actions, [noise], { clips: [given], sigma });
      return made.subarray(FIRST).reduce((sum, v, i) => sum + (v - given[FIRST + i]) ** 2, 0);
    };
    const distances = [0.02, 0.4, 1].map(distance);
    assert.ok(distances[0] < distances[1] && distances[1] < distances[2], `${distances}`);
    const forgotten = rollout.propose(actions, [noise], { clips: [given], sigma: 1 });
    sameClips(forgotten, rollout.propose(actions, [noise]), 1e-5);
    assert.throws(() => rollout.propose(actions, [noise], { clips: [given], sigma: 0 }), UserError);
    rollout.dispose();
  });

  it("depends on its actions and on its past", () => {
    const proposal = (last: number[], past: string): Float32Array => {
      const rollout = begin([randomStart(1)]);
      const actions = actionsOf(1, 0);
      rollout.append([actions], [noiseOf(past, 0)]);
      const [clip] = rollout.propose([last], [noiseOf(1, 1)]);
      rollout.dispose();
      return clip;
    };
    const w = [1, 2, 3, 4].map(() => actionOf(1, 0));
    const plain = proposal(w, "past");
    assert.deepEqual(proposal(w, "past"), plain);
    assert.notDeepEqual(
      proposal(
        w.map(() => actionOf(0, 1)),
        "past",
      ),
      plain,
    );
    assert.notDeepEqual(proposal(w, "another past"), plain);
  });

  describe("switches", () => {
    const memory = { retrieval: true, reframing: true };
    const switches: [string, number, Partial<GenerationOptions>][] = [
      ["retrieval", 1, { memory: { ...memory, retrieval: false } }],
      ["reframing", 6, { memory: { ...memory, reframing: false } }],
      ["the discrete action", 0, { discreteAction: false }],
      ["the continuous action", 0, { continuousAction: false }],
    ];
    for (const [name, from, options] of switches) {
      it(`${name} changes clip ${from} and none before, cached and uncached alike`, () => {
        const [plain] = generate([4], from + 1);
        const [off] = generate([4], from + 1, options);
        const [uncached] = generate([4], from + 1, { ...options, cache: false });
        assert.deepEqual(off.slice(0, from), plain.slice(0, from));
        assert.notDeepEqual(off[from], plain[from]);
        sameClips(uncached, off, 1e-5);
      });
    }

    it("without the discrete action, commands that move the camera alike are alike", () => {
      const clip = (actions: number[], options: Partial<GenerationOptions>): Float32Array => {
        const rollout = begin([randomStart(5)], options);
        const [made] = rollout.propose([actions], [noiseOf(5, 0)]);
        rollout.dispose();
        return made;
      };
      // The first latent is the given picture: its action moves nothing.
      const [one, other] = [9, 40].map((first) => [first, 9, 9, 9]);
      assert.deepEqual(clip(one, { discreteAction: false }), clip(other, { discreteAction: false }));
      const both = { discreteAction: false, continuousAction: false };
      assert.deepEqual(clip(one, both), clip([1, 2, 3, 4], both));
    });
  });

  it("leaves no tensor behind", () => {
    const before = tf.memory().numTensors;
    generate([1, 2], 5);
    generate([1], 3, { cache: false });
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses what it cannot continue from", () => {
    const four = [0, 0, 0, 0];
    const refused = (action: () => unknown, why: RegExp): void =>
      assert.throws(action, (error: unknown) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.problem, why);
        return true;
      });
    const rollout = begin([randomStart(1), randomStart(2)]);
    const [a, b] = [noiseOf(1, 0), noiseOf(2, 0)];
    refused(() => rollout.propose([four], [a, b]), /actions for 1 videos, there are 2/);
    refused(() => rollout.propose([four, [0, 0, 0]], [a, b]), /the actions \[0,0,0\] of a clip/);
    refused(() => rollout.propose([four, [0, 0, 0, 81]], [a, b]), /the actions/);
    refused(() => rollout.propose([four, [0, 0, 0.5, 0]], [a, b]), /the actions/);
    refused(() => rollout.propose([four, four], [a, b, a]), /3 noises for 2 videos/);
    refused(() => rollout.propose([four, four], []), /0 noises for 2 videos/);
    refused(() => rollout.propose([four, four], [a, b.subarray(1)]), /7679 numbers/);
    refused(() => rollout.append([four, four], [a]), /1 clips for 2 videos/);
    refused(() => rollout.append([four, four], [a, b.subarray(1)]), /7679 numbers/);
    refused(() => begin([]), /no video/);
    refused(() => begin([{ ...randomStart(1), latent: a }]), /7680 numbers instead of 1920/);
    refused(() => begin([randomStart(1)], { sampler: { steps: 0, shift: 3 } }), /a sampler of 0 steps/);
    rollout.dispose();
  });
});
