/** Measures videos by metrics that are values, at several lengths, into rows of a report. */
import { accuracyOf, stepActions } from "../metrics/accuracy.ts";
import { videoPsnr, videoSsim } from "../metrics/likeness.ts";
import { accuracyOfExplanation, type Explanation, explainVideo } from "../metrics/true-world.ts";
import { framesIn, pictureBytes } from "../metrics/video.ts";
import type { ActionEstimator } from "../rewards/actions/reading.ts";
import type { Preference } from "../rewards/preference/preference.ts";
import type { Prompt } from "../rollout/prompt.ts";
import { mean } from "../util/statistics.ts";
import { axesAt } from "../world/axes.ts";
import type { Pose } from "../world/camera.ts";
import { FRAMES_PER_LATENT } from "../world/config.ts";
import type { Row } from "./report.ts";

/** One video with what is known of it. */
export interface MeasuredVideo {
  /** [frames, height, width, 3] bytes. */
  readonly video: Uint8Array;
  /** The true pictures at the commanded poses, like `video`. */
  readonly truth: Uint8Array;
  readonly prompt: Prompt;
  /** What the true world takes the video to show. */
  readonly explained: () => Promise<Explanation>;
}

/** A video before it is explained. */
export type KnownVideo = Omit<MeasuredVideo, "explained">;

/** What is measured of a video: a name, a unit, and a function from the video and the truth to one number. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  measure(video: MeasuredVideo): Promise<number> | number;
}

/**
 * PSNR in dB, frame by frame, against the true picture at the commanded pose; at most 60 where pictures are equal.
 * @example
 * ```ts
 * import { evaluateModel, evaluationSet, openWorld, psnrToTruth, ssimToTruth, trueAccuracy, untrainedModel } from "worldcompass";
 * const world = await openWorld("courtyard");
 * const model = await untrainedModel(world, { width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
 * const set = await evaluationSet(world, "basic", 1, 1);
 * const about = { model: "untrained", trainingSeed: 0, samplingSeed: 0 };
 * const { rows } = await evaluateModel(about, model, set, [psnrToTruth, ssimToTruth, trueAccuracy], [5]);
 * console.log(rows.map(({ metric, unit }) => `${metric} ${unit}`.trim()).join(", ")); // => psnr dB, ssim, action-accuracy-true %
 * ```
 */
export const psnrToTruth: Metric = {
  name: "psnr",
  unit: "dB",
  measure: ({ video, truth, prompt }) => videoPsnr(video, truth, prompt.world.camera),
};

/**
 * SSIM, -1..1, of every eighth frame, against the true picture at the commanded pose.
 * @example
 * ```ts
 * import { ssimToTruth } from "worldcompass";
 * console.log(ssimToTruth.name); // => ssim
 * ```
 */
export const ssimToTruth: Metric = {
  name: "ssim",
  unit: "",
  measure: ({ video, truth, prompt }) => videoSsim(video, truth, prompt.world.camera),
};

/**
 * Exact 81-way action accuracy in %, read without an estimator: which of the 81 true pictures that the actions would have
 * led to is nearest to the video's.
 * @example
 * ```ts
 * import { trueAccuracy } from "worldcompass";
 * console.log(trueAccuracy.name, trueAccuracy.unit); // => action-accuracy-true %
 * ```
 */
export const trueAccuracy: Metric = {
  name: "action-accuracy-true",
  unit: "%",
  measure: async ({ explained, prompt }) => 100 * accuracyOfExplanation(await explained(), prompt).exact,
};

/** Angle between the view that the true world takes the camera to have and the commanded one, mean over latents (R_dist). */
export const rotationError: Metric = {
  name: "rotation-error",
  unit: "degrees",
  measure: async ({ explained, prompt }) =>
    mean(errorsOf(await explained(), prompt, (a, b) => (angleBetween(a, b) * 180) / Math.PI)),
};

/** Distance of the place where the true world takes the camera to be from the commanded one, mean over latents (T_dist). */
export const translationError: Metric = {
  name: "translation-error",
  unit: "world units",
  measure: async ({ explained, prompt }) =>
    mean(errorsOf(await explained(), prompt, (a, b) => Math.hypot(a.x - b.x, a.z - b.z))),
};

/** An error of every latent's last pose but the first's. */
const errorsOf = ({ poses }: Explanation, prompt: Prompt, error: (a: Pose, b: Pose) => number): number[] =>
  poses.slice(1).map((pose, i) => error(pose, prompt.poses[(i + 1) * FRAMES_PER_LATENT]));

function angleBetween(a: Pose, b: Pose): number {
  const [from, to] = [axesAt(a).forward, axesAt(b).forward];
  return Math.acos(Math.min(1, from[0] * to[0] + from[1] * to[1] + from[2] * to[2]));
}

/** Exact 81-way action accuracy by an estimator that no training saw. */
export const estimatedAccuracy = (estimator: ActionEstimator, name = "action-accuracy"): Metric => ({
  name,
  unit: "%",
  measure: ({ video, prompt }) => {
    const [{ labels }] = estimator.read([video]);
    return 100 * accuracyOf(labels, stepActions(prompt.actions).subarray(0, labels.length)).exact;
  },
});

/** Mean score of every latent's last frame by a preference model that rewards nothing, logits. */
export const visualScore = (preference: Preference, name = "visual-heldout"): Metric => ({
  name,
  unit: "",
  measure: ({ video, prompt }) => {
    const shown = framesIn(video, prompt.world.camera).filter((_, i) => i > 0 && i % FRAMES_PER_LATENT === 0);
    const { mean: scores } = preference.score(shown.map((picture) => ({ picture, first: prompt.start.frame })));
    return mean(scores);
  },
});

const frameBytes = ({ world }: Prompt): number => pictureBytes(world.camera);

/** The true videos of prompts. */
export const trueVideos = (prompts: readonly Prompt[]): Promise<Uint8Array[]> =>
  Promise.all(prompts.map(({ level, poses }) => level.render(poses)));

export type AboutVideos = Pick<Row, "world" | "model" | "trainingSeed" | "samplingSeed" | "actions">;

/** Explains a video once, where that is asked for, and gives what is said of its first frames: it depends on no later ones. */
function explainedUpTo(
  video: Uint8Array,
  prompt: Prompt,
  most: number,
): (frames: number) => () => Promise<Explanation> {
  const whole: Promise<Explanation>[] = [];
  return (frames) => async () => {
    if (whole.length === 0) whole.push(explainVideo(video.subarray(0, frameBytes(prompt) * most), prompt));
    const latents = (frames - 1) / FRAMES_PER_LATENT;
    const { actions, poses, residuals } = await whole[0];
    return {
      actions: actions.subarray(0, latents),
      poses: poses.slice(0, latents + 1),
      residuals: residuals.subarray(0, latents),
    };
  };
}

/**
 * @param horizons numbers of frames; each video is measured up to each of them
 * @returns a row for each horizon and metric
 */
export async function measureVideos(
  about: AboutVideos,
  videos: readonly KnownVideo[],
  metrics: readonly Metric[],
  horizons: readonly number[],
): Promise<Row[]> {
  const rows: Row[] = [];
  const explanations = videos.map(({ video, prompt }) => explainedUpTo(video, prompt, Math.max(...horizons)));
  for (const frames of horizons)
    for (const { name, unit, measure } of metrics) {
      const values: number[] = [];
      for (const [i, { video, truth, prompt }] of videos.entries()) {
        const size = frameBytes(prompt) * frames;
        const explained = explanations[i](frames);
        values.push(
          await measure({ prompt, video: video.subarray(0, size), truth: truth.subarray(0, size), explained }),
        );
      }
      rows.push({ ...about, frames, metric: name, unit, values });
    }
  return rows;
}
