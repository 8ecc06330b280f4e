import assert from "node:assert/strict";
import fc from "fast-check";
import { frameCount } from "../../lib/display/media/index.ts";
import { revisitsOf } from "../../lib/metrics/revisit.ts";
import { CLIP_LATENTS, CLIP_SIZE } from "../../lib/model/legacy/config.ts";
import { makeWorldModel } from "../../lib/model/legacy/rollout.ts";
import type { Params } from "../../lib/model/nn/params.ts";
import { loadTokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import {
  branchClips,
  branchSequences,
  type ClipSampler,
  decodeTrees,
  makeClipSampler,
  NO_EXPLORATION,
  type Policy,
  rlPrompts,
  scoreTrees,
  targetClip,
  treeVideo,
} from "../../lib/rollout/index.ts";
import { transitionOf } from "../../lib/rollout/transition.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { FRAME_BYTES } from "../../lib/world/index.ts";
import { BRIGHTNESS, distance, TINY, tinyParams } from "./tiny.ts";

const SAMPLER = { steps: 3, shift: 3 };
const OPTIONS = { sampler: SAMPLER, branches: 3, exploration: NO_EXPLORATION, key: [7, "test"] };
const CLIPS = 6;

describe("rollouts", () => {
  let params: Params;
  let policy: Policy;
  let clipSampler: ClipSampler;
  const prompts = rlPrompts(7, 0, 2, CLIPS);

  before(async () => {
    await openBackend();
    params = tinyParams();
    policy = { params, shape: TINY, tokeniser: loadTokeniser() };
    clipSampler = makeClipSampler(TINY, SAMPLER, 1);
  });
  after(() => clipSampler.dispose());

  for (const target of [0, 1, 3, 5]) {
    it(`a branch at clip ${target} is what the world model would make of the same noise`, () => {
      const trees = branchClips(policy, clipSampler, prompts, target, OPTIONS);
      const rollout = makeWorldModel(params, TINY, { sampler: SAMPLER }).begin(trees.map(({ start }) => start));
      const four = (n: number): Uint8Array[] =>
        prompts.map(({ actions }) => actions.subarray(n * CLIP_LATENTS, (n + 1) * CLIP_LATENTS));
      for (let n = 0; n < target; n++) {
        rollout.append(
          four(n),
          trees.map(({ branches }) => branches[0].clips[n]),
        );
      }
      const noises = trees.flatMap((_, i) =>
        [0, 1, 2].map((b) => Rng.of(7, "test", "branch", i, b).normals(CLIP_SIZE)),
      );
      const expected = rollout.propose(four(target), noises);
      rollout.dispose();
      const actual = trees.flatMap(({ branches }) => branches.map(({ clips }) => clips[target]));
      // Float32, other summation orders: the compiled step against the eager one.
      actual.forEach((clip, i) => {
        assert.ok(distance(clip, expected[i]) < 2e-4, `${distance(clip, expected[i])}`);
      });
      assert.ok(distance(actual[0], actual[1]) > 0.1, "branches differ");
      assert.equal(trees[0].generations, target + 3);
    });
  }

  it("branches share their prefix and nothing else", () => {
    const [tree] = branchClips(policy, clipSampler, prompts, 2, OPTIONS);
    const [a, b] = tree.branches;
    assert.equal(a.clips[1], b.clips[1]);
    assert.notDeepEqual(a.clips[2], b.clips[2]);
  });

  it("a branch depends on its key alone, not on what is rolled out beside it", () => {
    const [both] = branchClips(policy, clipSampler, prompts, 1, OPTIONS);
    const [alone] = branchClips(policy, clipSampler, prompts.slice(0, 1), 1, OPTIONS);
    assert.ok(distance(both.branches[2].clips[1], alone.branches[2].clips[1]) < 1e-4);
  });

  it("guidance of weight 1 is none, another weight changes the clip", () => {
    const guided = (guidance: number[]) =>
      branchClips(policy, clipSampler, prompts, 1, { ...OPTIONS, exploration: { ...NO_EXPLORATION, guidance } })[0];
    const [plain, mixed] = [guided([1]), guided([1, 3, 1])];
    const change = [0, 1, 2].map((b) => distance(plain.branches[b].clips[1], mixed.branches[b].clips[1]));
    assert.ok(change[0] < 2e-4 && change[2] < 2e-4, `${change}`);
    assert.ok(change[1] > 0.01, `${change}`);
  });

  it("stochastic steps are kept: each begins where the one before it ended", () => {
    const exploration = { ...NO_EXPLORATION, eta: 0.5 };
    const [tree] = branchClips(policy, clipSampler, prompts, 1, { ...OPTIONS, exploration });
    const { steps, clips } = tree.branches[0];
    assert.equal(steps.length, SAMPLER.steps - 1, "the last step adds no noise");
    assert.deepEqual(steps[0].to, steps[1].from);
    assert.ok(distance(steps[1].to, clips[1]) > 0);
    const again = branchClips(policy, clipSampler, prompts, 1, { ...OPTIONS, exploration })[0];
    assert.deepEqual(again.branches[0].clips[1], clips[1]);
  });

  it("neighbouring actions are told to the last branches, never judged by", () => {
    const exploration = { ...NO_EXPLORATION, neighbours: 1 };
    const [tree] = branchClips(policy, clipSampler, prompts, 1, { ...OPTIONS, exploration });
    const command = prompts[0].actions.subarray(4, 8);
    assert.deepEqual(Array.from(tree.branches[0].manner.told), [...command]);
    assert.notDeepEqual(Array.from(tree.branches[2].manner.told), [...command]);
  });

  it("the first branches are those that forget", () => {
    const exploration = { ...NO_EXPLORATION, forgetting: 1 };
    const [tree] = branchClips(policy, clipSampler, prompts, 1, { ...OPTIONS, exploration });
    assert.deepEqual(
      tree.branches.map(({ manner }) => manner.forgets),
      [true, false, false],
    );
  });

  it("sequences cost clips times branches, and every branch has its own clips", () => {
    const [tree] = branchSequences(policy, prompts, 2, OPTIONS);
    assert.equal(tree.generations, 6);
    assert.equal(tree.root, 0);
    assert.ok(distance(tree.branches[0].clips[0], tree.branches[1].clips[0]) > 0.1);
    for (const part of [{ guidance: [2] }, { forgetting: 1 }]) {
      const exploring = { ...OPTIONS, exploration: { ...NO_EXPLORATION, ...part } };
      assert.throws(() => branchSequences(policy, prompts, 2, exploring), UserError);
    }
  });

  it("frames to judge: one before the clip and its own, and what was commanded at every step", () => {
    const trees = branchClips(policy, clipSampler, prompts, 1, OPTIONS);
    const [first] = decodeTrees(policy.tokeniser, branchClips(policy, clipSampler, prompts, 0, OPTIONS));
    assert.equal(first.clips[0][0].frames.length, 13 * FRAME_BYTES);
    assert.equal(first.clips[0][0].actions.length, 12);
    const [{ clips, tree }] = decodeTrees(policy.tokeniser, trees);
    const [{ frames, actions }] = clips[0];
    assert.equal(frames.length, 17 * FRAME_BYTES);
    assert.deepEqual(
      [...actions],
      [...tree.prompt.actions.subarray(4, 8)].flatMap((a) => [a, a, a, a]),
    );
    const [scored] = scoreTrees([{ clips, tree }], [{ reward: BRIGHTNESS, weight: 1 }]);
    assert.deepEqual(scored.rewards[0], BRIGHTNESS.score(clips.flat()));
  });

  it("what came before a clip is the shared beginning, or the branch's own earlier clips", () => {
    const [decoded] = decodeTrees(policy.tokeniser, branchClips(policy, clipSampler, prompts, 2, OPTIONS));
    const [first, second] = [0, 1].map((b) => decoded.clips[b][0].past);
    assert.ok(first && second);
    assert.deepEqual([first.poses.length, first.ahead.length], [29, 16]);
    assert.deepEqual([...first.poses, ...first.ahead], prompts[0].poses.slice(0, 45));
    assert.equal(first.frames().length, 29 * FRAME_BYTES);
    assert.equal(first.frames(), second.frames(), "decoded once");
    assert.deepEqual(first.frames().subarray(-FRAME_BYTES), decoded.clips[0][0].frames.subarray(0, FRAME_BYTES));
    const [whole] = decodeTrees(policy.tokeniser, branchSequences(policy, prompts, 3, OPTIONS));
    const [, , third] = whole.clips[1];
    assert.equal(whole.clips[1][0].past, undefined);
    assert.equal(third.past?.frames().length, 29 * FRAME_BYTES);
    assert.deepEqual(third.past?.frames().subarray(-FRAME_BYTES), third.frames.subarray(0, FRAME_BYTES));
  });

  it("a tree shows its branches in rows, as long as their clips", () => {
    const [tree] = decodeTrees(policy.tokeniser, branchClips(policy, clipSampler, prompts, 1, OPTIONS));
    const [scored] = scoreTrees([tree], [{ reward: BRIGHTNESS, weight: 1 }]);
    const video = treeVideo(scored, { columns: 2, order: [2, 0, 1] });
    assert.equal(frameCount(video), 17);
    assert.ok(video.width > 2 * 160 && video.height > 2 * 96);
  });

  it("a sequence's reward is the mean over its clips", () => {
    const decoded = decodeTrees(policy.tokeniser, branchSequences(policy, prompts, 2, OPTIONS));
    const [, second] = scoreTrees(decoded, [{ reward: BRIGHTNESS, weight: 1 }]);
    const own = BRIGHTNESS.score(decoded[1].clips[2]);
    assert.equal(second.rewards[0][2], (own[0] + own[1]) / 2);
  });
});

describe("prompts of training", () => {
  it("combined commands have their share over every stretch, half if nothing is said", () => {
    const kinds = (combined?: number) => {
      const prompts = [0, 1, 2].flatMap((i) => rlPrompts(3, i, 4, 1, combined === undefined ? {} : { combined }));
      return prompts.map(({ kind }) => (kind === "combined" ? 1 : 0) as number);
    };
    const count = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    assert.deepEqual(kinds(), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    assert.equal(count(kinds(0.75)), 9);
    assert.equal(count(kinds(0.75).slice(0, 4)), 3);
    assert.equal(count(kinds(0)), 0);
    assert.equal(count(kinds(1)), 12);
  });

  it("a share of them comes back to earlier poses, the others stay as they were", () => {
    const plain = rlPrompts(3, 5, 12, 8);
    const mixed = rlPrompts(3, 5, 12, 8, { revisits: 0.5 });
    const returning = mixed.filter(({ kind }) => kind !== "basic" && kind !== "combined");
    assert.ok(returning.length >= 2 && returning.length <= 10, `${returning.length}`);
    mixed.forEach((prompt, i) => {
      if (!returning.includes(prompt)) assert.deepEqual(prompt, plain[i]);
    });
    for (const { poses } of rlPrompts(3, 5, 12, 8, { revisits: 1 })) {
      const depths = new Set(revisitsOf(poses).map(({ frame }) => Math.floor((frame + 3) / 16)));
      assert.ok(depths.size >= 1 && poses.length === 125);
    }
  });

  it("too short to come back go on as they are", () => {
    assert.deepEqual(rlPrompts(3, 5, 4, 2, { revisits: 1 }), rlPrompts(3, 5, 4, 2));
  });
});

describe("sampler transitions", () => {
  it("without fresh noise are Euler's step", () => {
    assert.deepEqual(transitionOf(0.8, 0.5, 0), { fromX: 1, fromV: 0.5 - 0.8, std: 0 });
  });

  /** For x = (1 - s) x0 + s eps and the true velocity the next state is (1 - n) x0 + kept eps + std noise. */
  it("keep the signal and the noise level exactly", () => {
    const level = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(level, level, fc.double({ min: 0.01, max: 1, noNaN: true }), (a, b, eta) => {
        const [sigma, next] = [Math.max(a, b), Math.min(a, b)];
        const { fromX, fromV, std } = transitionOf(sigma, next, eta);
        const signal = fromX * (1 - sigma) - fromV;
        const noise = fromX * sigma + fromV;
        assert.ok(Math.abs(signal - (1 - next)) < 1e-9);
        assert.ok(Math.abs(noise ** 2 + std ** 2 - next ** 2) < 1e-9);
      }),
    );
  });
});

describe("curricula", () => {
  const targets = (name: Parameters<typeof targetClip>[0], count: number): number[] =>
    Array.from({ length: count }, (_, i) => targetClip(name, i, 4, 1));

  it("go through the clips in their order", () => {
    assert.deepEqual(targets("min2max", 6), [0, 1, 2, 3, 0, 1]);
    assert.deepEqual(targets("max2min", 6), [3, 2, 1, 0, 3, 2]);
    assert.ok(targets("progressive", 3).every((n) => n === 0));
    assert.equal(Math.max(...targets("progressive", 60)), 3);
    assert.deepEqual([...new Set(targets("random", 60))].sort(), [0, 1, 2, 3]);
  });
});
