/** What is measured of a video of whoever made it: each metric says what it is about, and what it needs beside the video. */
import { accuracyOf, stepActions } from "../../metrics/accuracy.ts";
import { appearances, sharpnessOf } from "../../metrics/appearance.ts";
import { appearanceContrast, END_SHARE } from "../../metrics/drift.ts";
import { videoPsnr, videoSsim } from "../../metrics/likeness.ts";
import { revisitPsnrs, revisitsOf } from "../../metrics/revisit.ts";
import { trueWorldAccuracy } from "../../metrics/true-world.ts";
import { framesIn, pictureBytes } from "../../metrics/video.ts";
import type { ActionEstimator } from "../../rewards/actions/reading.ts";
import { scoresOf } from "../../rewards/check.ts";
import { rewardInputs } from "../../rewards/inputs.ts";
import type { Preference } from "../../rewards/preference/preference.ts";
import type { Scoring } from "../../rewards/reward.ts";
import type { Prompt } from "../../rollout/prompt.ts";
import { mean } from "../../util/statistics.ts";
import { FRAMES_PER_LATENT, HEIGHT, PITCH_STEP, TRANSLATION_STEP, WIDTH, YAW_STEP } from "../../world/config.ts";
import { trajectoryOf } from "../../world/motion.ts";

/** A video with what is known of it. */
export interface EvaluatedVideo {
  readonly name: string;
  /** [F, 48, 80, 3] bytes; F = 4 k + 1. */
  readonly video: Uint8Array;
  /** Commanded action of every latent, the first (the initial picture's) none; may be longer than the video. */
  readonly actions: Uint8Array;
  /** The true video, like `video`. */
  readonly truth?: Uint8Array;
  /** The level and the commands, where the video was made under a prompt of one of our worlds. */
  readonly prompt?: Prompt;
}

export const TOPICS = ["action following", "drift", "memory", "quality", "likeness to the truth", "rewards"] as const;

export interface AnyMetric {
  readonly name: string;
  readonly topic: (typeof TOPICS)[number];
  readonly unit: string;
  /** What it needs beside the video and its commands. */
  readonly needs: "nothing" | "an estimator" | "a preference model" | "the true video" | "the true world" | "a scorer";
  /** undefined where this video cannot be measured so. */
  measure(video: EvaluatedVideo): Promise<number | undefined> | number | undefined;
}

const SIZE = { width: WIDTH, height: HEIGHT };
const FRAME = pictureBytes(SIZE);
const framesOfVideo = (video: Uint8Array): Uint8Array[] => framesIn(video, SIZE);

/** What estimators read in videos: each reads each video once, for as long as this is kept. */
export class Readings {
  private readonly known = new Map<ActionEstimator, Map<Uint8Array, Int32Array>>();

  labelsOf(estimator: ActionEstimator, video: Uint8Array): Int32Array {
    const own = this.known.get(estimator) ?? new Map<Uint8Array, Int32Array>();
    this.known.set(estimator, own);
    const labels = own.get(video) ?? estimator.read([video])[0].labels;
    own.set(video, labels);
    return labels;
  }
}

/** Shares of frame steps with the whole command right, its translation, and its rotation, by one estimator. */
export function followingMetrics(estimator: ActionEstimator, readings: Readings): AnyMetric[] {
  return (["exact", "translation", "rotation"] as const).map((part) => ({
    name: `${part} (${estimator.name})`,
    topic: "action following",
    unit: "%",
    needs: "an estimator",
    measure: ({ video, actions }) => {
      const labels = readings.labelsOf(estimator, video);
      return 100 * accuracyOf(labels, stepActions(actions).subarray(0, labels.length))[part];
    },
  }));
}

/** The whole command right, by the nearest of 81 true pictures. */
export const trueFollowing: AnyMetric = {
  name: "exact (true world)",
  topic: "action following",
  unit: "%",
  needs: "the true world",
  measure: async ({ video, prompt }) => prompt && 100 * (await trueWorldAccuracy(video, prompt)).exact,
};

/** Distance of the appearance (22 fixed statistics of colour and sharpness) of the last 15 % of frames from the first 15 %. */
export const appearanceDrift: AnyMetric = {
  name: "appearance, end from start",
  topic: "drift",
  unit: "",
  needs: "nothing",
  measure: ({ video }) => appearanceContrast(appearances(video, SIZE)),
};

/** Sharpness of the last 15 % of frames, of that of the first picture. */
export const sharpnessKept: AnyMetric = {
  name: "sharpness kept at the end",
  topic: "quality",
  unit: "%",
  needs: "nothing",
  measure: ({ video }) => {
    const frames = framesOfVideo(video);
    const first = sharpnessOf(frames[0], SIZE);
    const end = frames.slice(-Math.max(1, Math.round(END_SHARE * frames.length)));
    return first === 0 ? undefined : (100 * mean(end.map((frame) => sharpnessOf(frame, SIZE)))) / first;
  },
};

const STEP = { translation: TRANSLATION_STEP, yaw: YAW_STEP, pitch: PITCH_STEP };
const commandedPoses = (actions: ArrayLike<number>) => trajectoryOf({ x: 0, z: 0, yaw: 0, pitch: 0 }, actions, STEP);

/** Where the commanded camera comes back to an earlier pose: PSNR to the picture from before. */
export const revisitLikeness: AnyMetric = {
  name: "PSNR at revisits",
  topic: "memory",
  unit: "dB",
  needs: "nothing",
  measure: ({ video, actions }) => {
    const revisits = revisitsOf(commandedPoses(actions).slice(0, video.length / FRAME), STEP);
    return revisits.length === 0 ? undefined : mean(revisitPsnrs(video, revisits, SIZE));
  },
};

/** Mean score of a video's clips by any reward. */
export const rewardMetric = (reward: Scoring): AnyMetric => ({
  name: reward.name,
  topic: "rewards",
  unit: "",
  needs: "a scorer",
  measure: async ({ name, video, actions }) => {
    const clips = rewardInputs(video, FRAME, actions, commandedPoses(actions));
    if (clips.length === 0) return undefined;
    return mean(await scoresOf(reward, clips, (clip) => `clip ${clip} of ${name}`));
  },
});

/** Mean score of every latent's last frame by a preference model that rewards nothing. */
export const preferenceScore = (preference: Preference): AnyMetric => ({
  name: "visual score",
  topic: "quality",
  unit: "logits",
  needs: "a preference model",
  measure: ({ video }) => {
    const [first, ...frames] = framesOfVideo(video);
    const shown = frames.filter((_, i) => (i + 1) % FRAMES_PER_LATENT === 0);
    return mean(preference.score(shown.map((picture) => ({ picture, first }))).mean);
  },
});

export const truthPsnr: AnyMetric = {
  name: "PSNR",
  topic: "likeness to the truth",
  unit: "dB",
  needs: "the true video",
  measure: ({ video, truth }) => truth && videoPsnr(video, truth, SIZE),
};

export const truthSsim: AnyMetric = {
  name: "SSIM",
  topic: "likeness to the truth",
  unit: "",
  needs: "the true video",
  measure: ({ video, truth }) => truth && videoSsim(video, truth, SIZE),
};
