/** Measures videos by metrics that are values, at several lengths, into rows of a report. */
import { accuracyOf, stepActions } from "../metrics/accuracy.ts";
import { boundedPsnr, ssim } from "../metrics/image.ts";
import { trueWorldAccuracy } from "../metrics/true-world.ts";
import type { ActionEstimator } from "../rewards/actions/reading.ts";
import type { Preference } from "../rewards/preference/index.ts";
import type { Prompt } from "../rollout/prompt.ts";
import { mean } from "../util/statistics.ts";
import { FRAMES_PER_LATENT } from "../world/config.ts";
import type { Row } from "./report.ts";

/** One video with what is known of it. */
export interface MeasuredVideo {
  /** [frames, height, width, 3] bytes. */
  readonly video: Uint8Array;
  /** The true pictures at the commanded poses, like `video`. */
  readonly truth: Uint8Array;
  readonly prompt: Prompt;
}

export interface Metric {
  readonly name: string;
  readonly unit: string;
  measure(video: MeasuredVideo): Promise<number> | number;
}

/** SSIM is taken of every eighth frame. */
const SSIM_STRIDE = 8;

/** Frame by frame, bounded where pictures are equal, against the true picture at the commanded pose. */
export const psnrToTruth: Metric = {
  name: "psnr",
  unit: "dB",
  measure: ({ video, truth, prompt }) =>
    mean(framesOf(video, prompt).map((frame, i) => boundedPsnr(frame, framesOf(truth, prompt)[i]))),
};

export const ssimToTruth: Metric = {
  name: "ssim",
  unit: "",
  measure: ({ video, truth, prompt }) => {
    const { width, height } = prompt.world.camera;
    const [made, real] = [framesOf(video, prompt), framesOf(truth, prompt)];
    const every = made.flatMap((frame, i) => (i % SSIM_STRIDE === 0 ? [ssim(frame, real[i], width, height)] : []));
    return mean(every);
  },
};

/** Exact 81-way action accuracy by the nearest of 81 true pictures, from where the video is. */
export const trueAccuracy: Metric = {
  name: "action-accuracy-true",
  unit: "%",
  measure: async ({ video, prompt }) => 100 * (await trueWorldAccuracy(video, prompt)).exact,
};

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
    const shown = framesOf(video, prompt).filter((_, i) => i > 0 && i % FRAMES_PER_LATENT === 0);
    const { mean: scores } = preference.score(shown.map((picture) => ({ picture, first: prompt.start.frame })));
    return mean(scores);
  },
});

function framesOf(video: Uint8Array, { world }: Prompt): Uint8Array[] {
  const size = 3 * world.camera.width * world.camera.height;
  return Array.from({ length: video.length / size }, (_, i) => video.subarray(i * size, (i + 1) * size));
}

/** The true videos of prompts. */
export const trueVideos = (prompts: readonly Prompt[]): Promise<Uint8Array[]> =>
  Promise.all(prompts.map(({ level, poses }) => level.render(poses)));

export type AboutVideos = Pick<Row, "world" | "model" | "trainingSeed" | "samplingSeed" | "actions">;

/**
 * @param horizons numbers of frames; each video is measured up to each of them
 * @returns a row for each horizon and metric
 */
export async function measureVideos(
  about: AboutVideos,
  videos: readonly MeasuredVideo[],
  metrics: readonly Metric[],
  horizons: readonly number[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const frames of horizons)
    for (const { name, unit, measure } of metrics) {
      const values: number[] = [];
      for (const { video, truth, prompt } of videos) {
        const size = 3 * prompt.world.camera.width * prompt.world.camera.height * frames;
        values.push(await measure({ prompt, video: video.subarray(0, size), truth: truth.subarray(0, size) }));
      }
      rows.push({ ...about, frames, metric: name, unit, values });
    }
  return rows;
}
