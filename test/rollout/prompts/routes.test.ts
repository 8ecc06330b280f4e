import assert from "node:assert/strict";
import fc from "fast-check";
import { returnsOf, revisitsOf } from "../../../lib/metrics/revisit.ts";
import {
  framesOfClips,
  oppositeOf,
  ROUTES,
  routePrompt,
  routeSize,
  turningFrame,
  WIDE_KINDS,
  widePrompt,
} from "../../../lib/rollout/prompts/index.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { ALL_ACTIONS, axesOf, labelOf, NONE, pathOf, stepPose } from "../../../lib/world/index.ts";
import { isFree, makeScene } from "../../../lib/world/plane/index.ts";

const CLIPS = 24;
const promptOf = (route: (typeof ROUTES)[number], seed: number, latents = 4 * CLIPS, size?: number) =>
  routePrompt(route, { sceneSeed: 7_000_000 + seed, latents, rng: Rng.of("test", route, seed), size });

describe("routes", () => {
  for (const route of ROUTES) {
    it(`${route}: a free path of known poses that revisits`, () => {
      for (let seed = 0; seed < 3; seed++) {
        const prompt = promptOf(route, seed);
        assert.equal(prompt.poses.length, framesOfClips(CLIPS));
        assert.deepEqual(prompt.poses, pathOf(prompt.poses[0], prompt.actions));
        assert.ok(isFree(makeScene(prompt.sceneSeed), prompt.poses));
        const revisits = revisitsOf(prompt.poses);
        assert.ok(revisits.length > 60, `${revisits.length} revisits`);
        const turned = returnsOf(prompt.poses, revisits).length;
        if (route === "turn" || route === "look-away" || route === "triangle") assert.ok(turned > 30, `${turned}`);
        if (route === "square") assert.equal(turned, 0);
      }
    });
  }

  it("come back within eight clips where that is possible", () => {
    for (const route of ["out-and-back", "look-away", "square"] as const) {
      assert.ok(revisitsOf(promptOf(route, 5, 32).poses).length > 0, route);
    }
  });

  it("the way back passes the poses of the way out", () => {
    const { poses } = promptOf("out-and-back", 1, 32);
    const turn = turningFrame(routeSize("out-and-back", 32));
    for (let k = 1; k <= turn; k++) {
      const [back, out] = [poses[turn + k], poses[turn - k]];
      for (const axis of ["x", "z", "yaw", "pitch"] as const) assert.ok(Math.abs(back[axis] - out[axis]) < 1e-9);
    }
  });

  it("every action has an opposite that leads back", () => {
    for (const action of ALL_ACTIONS) {
      assert.equal(oppositeOf(oppositeOf(action)), action);
      const { x, z } = stepPose(stepPose({ x: 0, z: 0, yaw: 1, pitch: 0 }, action), oppositeOf(action));
      assert.ok(Math.hypot(x, z) < 1e-12);
    }
  });

  it("that do not fit in are refused", () => {
    assert.throws(() => promptOf("square", 0, 400, 99), UserError);
  });
});

describe("wide prompts", () => {
  for (const kind of WIDE_KINDS) {
    it(`${kind}: a free path at its speed`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 99 }), (seed) => {
          const { actions, poses, speed, sceneSeed } = widePrompt(kind, 7_001_000 + seed, 32, Rng.of("wide", seed));
          assert.equal(actions.length, 32);
          assert.deepEqual(poses, pathOf(poses[0], actions, speed));
          assert.ok(isFree(makeScene(sceneSeed), poses));
          // The class says the same at every speed.
          for (let f = 1; f < poses.length; f++) {
            assert.equal(labelOf(poses[f - 1], poses[f]), actions[Math.ceil(f / 4)]);
          }
          if (kind === "triple") assert.ok(actions.subarray(1).every((action) => axesOf(action) > 2));
          if (kind === "still") assert.ok(actions.every((action) => action === NONE));
          if (kind === "alternating") assert.ok(actions.every((action, i) => i === 0 || action !== actions[i - 1]));
        }),
        { numRuns: 5 },
      );
    });
  }
});
