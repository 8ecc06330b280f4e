import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { latentSize } from "../../../lib/model/dit/config.ts";
import { makeDit } from "../../../lib/model/dit/dit.ts";
import type { Params } from "../../../lib/model/nn/params.ts";
import type { WorldModel } from "../../../lib/model/worldModel.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { assertClose } from "../nn/close.ts";
import { randomActions, SMALL, withSmallParams } from "./small.ts";
import { FRAME, startOf, tokeniser } from "./stand-in.ts";

const actionsOf = (key: string, clips: number): number[][] =>
  Array.from({ length: clips }, (_, n) => randomActions(Rng.of("actions", key, n)));

/** Lets videos grow to `clips` clips. */
function grow(
  model: WorldModel,
  keys: string[],
  clips: number,
  ahead: (n: number) => void = () => {},
): Float32Array[][] {
  const rollout = model.reset(keys.map(startOf));
  const actions = keys.map((key) => actionsOf(key, clips));
  for (let n = 0; n < clips; n++) {
    ahead(n);
    rollout.step(
      actions.map((own) => own[n]),
      keys.map((key) => Rng.of("noise", key, n)),
    );
  }
  const made = keys.map((_, i) => rollout.clips(i).map(({ latents }) => latents));
  rollout.dispose();
  return made;
}

describe("rollouts of the transformer", () => {
  const params: Params = withSmallParams();
  const model = (options = {}): WorldModel => makeDit(params, SMALL, tokeniser, options);

  it("begins with the given picture and has 16 n - 3 frames and poses", () => {
    const rollout = model().reset([startOf("a")]);
    rollout.step([[0, 9, 9, 9]], [Rng.of(0)]);
    rollout.step([[9, 9, 9, 9]], [Rng.of(1)]);
    assert.equal(rollout.frames(0).length, 29 * FRAME);
    assert.equal(rollout.poses(0).length, 29);
    const first = rollout.clips(0)[0].latents.subarray(0, latentSize(SMALL.latent));
    assert.deepEqual(first, tokeniser.encode(startOf("a").frame));
    rollout.dispose();
  });

  it("a video does not depend on those beside it", () => {
    const [together] = [grow(model(), ["a", "b"], 5)];
    const alone = grow(model(), ["b"], 5);
    for (const [n, clip] of alone[0].entries()) assertClose(together[1][n], clip, 1e-3);
  });

  it("a group's candidate is what a step with its noise gives, and sampling appends nothing", () => {
    const rollout = model().reset(["a", "b"].map(startOf));
    const actions = [actionsOf("a", 2), actionsOf("b", 2)];
    const at = (n: number): number[][] => actions.map((own) => own[n]);
    rollout.step(at(0), [Rng.of("a"), Rng.of("b")]);
    const groups = rollout.sample(
      at(1),
      [0, 1].map((i) => [0, 1, 2].map((g) => ({ rng: Rng.of("candidate", i, g) }))),
    );
    assert.equal(rollout.length, 1);
    const clips = rollout.step(at(1), [Rng.of("candidate", 0, 2), Rng.of("candidate", 1, 1)]);
    assertClose(clips[0].latents, groups[0][2].latents, 1e-3);
    assertClose(clips[1].latents, groups[1][1].latents, 1e-3);
    assert.notDeepEqual(groups[0][0].latents, groups[0][1].latents);
    rollout.dispose();
  });

  it("guidance, fresh noise, told actions, partial denoising and ablations change the sample; guidance of 1 does not", () => {
    const rollout = model().reset([startOf("a")]);
    const command = [actionsOf("a", 1)[0]];
    const [plain] = rollout.sample(command, [[{ rng: Rng.of(5) }]])[0];
    const differs = (other: Float32Array): boolean => other.some((x, i) => Math.abs(x - plain.latents[i]) > 1e-3);
    const one = (candidate: object) => rollout.sample(command, [[{ rng: Rng.of(5), ...candidate }]])[0][0].latents;
    assert.equal(differs(one({ guidance: 1 })), false);
    assert.ok(differs(one({ guidance: 3 })));
    assert.ok(differs(one({ eta: 1 })));
    assert.ok(differs(one({ told: [0, 0, 0, 0] })));
    assert.ok(differs(one({ from: { clip: plain, sigma: 0.5 } })));
    rollout.dispose();
    for (const options of [{ discreteAction: false }, { continuousAction: false }]) {
      const ablated = model(options).reset([startOf("a")]);
      assert.ok(differs(ablated.sample(command, [[{ rng: Rng.of(5) }]])[0][0].latents), JSON.stringify(options));
      ablated.dispose();
    }
  });

  it("memory options reach the context of long videos", () => {
    const [full] = grow(model(), ["m"], 7);
    const [blind] = grow(model({ memory: { retrieval: false, reframing: true } }), ["m"], 7);
    for (const n of [0, 1, 2, 3, 4]) assertClose(full[n], blind[n], 1e-3);
    assert.ok(full[6].some((x, i) => Math.abs(x - blind[6][i]) > 1e-3));
  });

  it("refuses what it cannot do in one line, and keeps no tensor", () => {
    const { numTensors } = tf.memory();
    assert.throws(() => model().reset([]), UserError);
    assert.throws(
      () => model().reset([{ ...startOf("a"), frame: new Uint8Array(3) }]),
      /picture of video 0 has 3 bytes/,
    );
    const rollout = model().reset([startOf("a")]);
    assert.throws(() => rollout.step([[0, 1, 2, 81]], [Rng.of(0)]), /the actions \[0,1,2,81\] of video 0/);
    assert.throws(() => rollout.sample([[0, 0, 0, 0]], [[]]), /candidates \[0\] for 1 videos/);
    assert.throws(() => rollout.sample([[0, 0, 0, 0]], [[{ rng: Rng.of(0), eta: 2 }]]), /eta of 2/);
    rollout.step([[0, 1, 2, 3]], [Rng.of(0)]);
    rollout.dispose();
    assert.equal(tf.memory().numTensors, numTensors);
  });
});
