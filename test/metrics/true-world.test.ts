import assert from "node:assert/strict";
import {
  type Metric,
  measureVideos,
  psnrToTruth,
  rotationError,
  ssimToTruth,
  translationError,
  trueAccuracy,
  trueVideos,
} from "../../lib/evaluation/measure.ts";
import { explainVideo } from "../../lib/metrics/true-world.ts";
import { type Prompt, promptsOf } from "../../lib/rollout/prompt.ts";
import { joinBytes } from "../../lib/util/arrays.ts";
import { actionOfMotion } from "../../lib/world/actions.ts";
import type { Pose } from "../../lib/world/camera.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { trajectoryOf } from "../../lib/world/motion.ts";
import type { Level } from "../../lib/world/world.ts";

const ABOUT = { world: "courtyard", model: "x", trainingSeed: 0, samplingSeed: 0, actions: "combined" };
const FRAME = 80 * 48 * 3;
const FRAMES = 13;
const NO_MOTION = { forward: 0, rightward: 0, yaw: 0, pitch: 0 } as const;

describe("what the true world says of videos", () => {
  let prompts: Prompt[];
  before(async () => {
    prompts = await promptsOf(courtyard, "evaluation", "combined", 2, 1);
  });

  it("true videos do all that is commanded, to the last decibel; a frozen one does nothing", async () => {
    const truths = await trueVideos(prompts);
    const measure = (videos: Uint8Array[]) =>
      measureVideos(
        ABOUT,
        videos.map((video, i) => ({ video, truth: truths[i], prompt: prompts[i] })),
        [trueAccuracy, psnrToTruth, ssimToTruth],
        [FRAMES],
      );
    const [accuracy, psnr, ssim] = (await measure(truths)).map(({ values }) => values);
    assert.deepEqual(accuracy, [100, 100]);
    assert.deepEqual(psnr, [60, 60]);
    assert.ok(ssim.every((value) => Math.abs(value - 1) < 1e-9));
    const [frozen] = (await measure(prompts.map(({ start, poses }) => joinBytes(poses.map(() => start.frame))))).map(
      ({ values }) => values,
    );
    assert.deepEqual(frozen, [0, 0]);
  });

  it("a video that is led out of what a world can draw is explained by what it can", async () => {
    const [{ level, poses: commanded }] = prompts;
    const steepest = Math.abs(commanded[0].pitch) + 0.1;
    const actions = Uint8Array.from([0, ...new Array<number>(3).fill(actionOfMotion({ ...NO_MOTION, pitch: 1 }))]);
    const poses = trajectoryOf(commanded[0], actions, courtyard.step);
    assert.ok(poses[12].pitch > steepest);
    const draws = ({ pitch }: Pose): boolean => Math.abs(pitch) < steepest;
    const narrow: Level = {
      ...level,
      draws,
      render: async (asked) => (asked.every(draws) ? level.render(asked) : assert.fail("asked for what is not drawn")),
    };
    const known = { world: courtyard, level: narrow, actions, poses: poses.map(() => commanded[0]) };
    const { poses: seen } = await explainVideo(await level.render(poses), known);
    assert.ok(seen.every(draws));
    assert.ok(seen[1].pitch > commanded[0].pitch);
  });

  it("poses are right in true videos; a video that goes another way errs by the way between, at each length", async () => {
    const [prompt] = prompts;
    const [truth] = await trueVideos([prompt]);
    const other = Uint8Array.from([0, 1, 1, 1]);
    const poses = trajectoryOf(prompt.poses[0], other, courtyard.step);
    const video = await prompt.level.render(poses);
    const metrics: Metric[] = [rotationError, translationError];
    const measure = async (shown: Uint8Array) =>
      (await measureVideos(ABOUT, [{ video: shown, truth, prompt }], metrics, [5, FRAMES])).map(
        ({ values }) => values[0],
      );
    for (const error of await measure(truth)) assert.ok(error < 1e-6, `${error}`);
    const far = (frame: number): number => {
      const [a, b] = [poses[frame], prompt.poses[frame]];
      return Math.hypot(a.x - b.x, a.z - b.z);
    };
    const [, first, , whole] = await measure(video);
    assert.ok(Math.abs(first - far(4)) < 1e-6);
    assert.ok(Math.abs(whole - (far(4) + far(8) + far(12)) / 3) < 1e-6);
  });

  it("a video that goes another way is read as what it does, and followed there", async () => {
    const [prompt] = prompts;
    const actions = Uint8Array.from([0, 1, 9, 1]);
    const poses = trajectoryOf(prompt.poses[0], actions, courtyard.step);
    const video = await prompt.level.render(poses);
    const { actions: shown, poses: found, residuals } = await explainVideo(video, prompt);
    assert.deepEqual([...shown], [...actions.subarray(1)]);
    assert.ok(residuals.every((left) => left < 1e-6));
    for (const key of ["x", "z", "yaw", "pitch"] as const)
      assert.ok(Math.abs((found.at(-1) as (typeof found)[0])[key] - poses[12][key]) < 1e-9);
  });

  it("refuses videos of other lengths than whole latents", async () => {
    const [prompt] = prompts;
    await assert.rejects(explainVideo(new Uint8Array(2 * FRAME), prompt), /a video of 2 frames for 13 commanded poses/);
  });
});
