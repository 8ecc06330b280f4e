/**
 * Pictures of a world model's own making beside what they should show: several of every keyframe, continued from the true clips
 * and from its own, from other noise, and true clips noised to several levels and denoised. So a scorer learns from the
 * faults that a policy has, in every degree, instead of from those that somebody thought of.
 */
import type { Candidate, Clip, Rollout, WorldModel } from "../../model/worldModel.ts";
import { clipActions, type Prompt } from "../../rollout/prompt.ts";
import { Rng } from "../../util/rng.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import { type Fidelity, fidelityOf } from "./fidelity.ts";

/**
 * What a picture was made from. `own`: continued from the model's own clips; `fresh`: from the true ones; a number: the
 * true clip, noised to this level and denoised, after the true ones.
 */
export type Origin = "own" | "fresh" | number;

/** One version of a keyframe. */
export interface Version {
  readonly origin: Origin;
  readonly picture: Uint8Array;
  readonly fidelity: Fidelity;
}

/** A keyframe, the last frame of a latent, as it should look (reconstructed), and as the model made it. */
export interface GeneratedKeyframe {
  readonly reconstruction: Uint8Array;
  /** The clip it lies in. */
  readonly clip: number;
  readonly versions: readonly Version[];
}

/** Samples of one prompt, in order of time; those of a clip have the same versions in the same order. */
export interface GeneratedVideo {
  /** First frame, the reference. */
  readonly first: Uint8Array;
  readonly keyframes: readonly GeneratedKeyframe[];
}

/** A video's clips, encoded. */
export type Encode = (video: Uint8Array) => Clip[];

export interface GeneratedOptions {
  readonly clips: number;
  /** Codes true videos. */
  readonly encode: Encode;
  /** Names the random stream. */
  readonly key: readonly (string | number)[];
}

/** Versions continued from the model's own clips, and from the true ones. */
const OWN = 4;
const FRESH = 2;
/** Noise levels of denoised true clips. */
export const PARTIAL_SIGMAS = [0.5, 0.75, 0.9] as const;
/** Clips between two that are looked at. */
const STRIDE = 3;

interface Made {
  readonly origin: Origin;
  readonly clip: Clip;
}

/** Samples of several origins for the next clip of each video. */
async function madeOf(
  rollout: Rollout,
  actions: readonly ArrayLike<number>[],
  origin: Origin,
  candidates: (video: number) => Candidate[],
): Promise<Made[][]> {
  const groups = await rollout.sample(
    actions,
    actions.map((_, i) => candidates(i)),
  );
  return groups.map((clips) => clips.map((clip) => ({ origin, clip })));
}

/** The last frame of each latent of a clip. */
function keyframesOf(frames: Uint8Array, bytes: number): Uint8Array[] {
  const size = FRAMES_PER_LATENT * bytes;
  return Array.from({ length: frames.length / size }, (_, i) =>
    frames.subarray((i + 1) * size - bytes, (i + 1) * size),
  );
}

/** A clip's keyframes; of a video's first, those after the given picture. */
function generatedKeyframes(model: WorldModel, truth: Clip, made: readonly Made[], clip: number): GeneratedKeyframe[] {
  const bytes = 3 * model.camera.width * model.camera.height;
  const [reconstructions, ...versions] = model
    .decode([truth, ...made.map((version) => version.clip)])
    .map((frames) => keyframesOf(frames, bytes));
  const keyframes = reconstructions.map((reconstruction, latent): GeneratedKeyframe => {
    const own = made.map(({ origin }, v): Version => {
      const picture = versions[v][latent];
      return { origin, picture, fidelity: fidelityOf(picture, reconstruction, model.camera) };
    });
    return { reconstruction, clip, versions: own };
  });
  return clip === 0 ? keyframes.slice(1) : keyframes;
}

/** @returns a video of each prompt */
export async function generatedVideos(
  model: WorldModel,
  prompts: readonly Prompt[],
  { clips, encode, key }: GeneratedOptions,
): Promise<GeneratedVideo[]> {
  const truths = await Promise.all(prompts.map(async ({ level, poses }) => encode(await level.render(poses))));
  const starts = prompts.map(({ start }) => start);
  const [own, fresh] = [await model.reset(starts), await model.reset(starts)];
  const keyframes: GeneratedKeyframe[][] = prompts.map(() => []);
  for (let n = 0; n < clips; n++) {
    const actions = prompts.map((prompt) => clipActions(prompt, n));
    const rngs = (video: number, origin: Origin, count: number): Candidate[] =>
      Array.from({ length: count }, (_, g) => ({ rng: Rng.of("preference", ...key, n, origin, video, g) }));
    const looked = (clips - 1 - n) % STRIDE === 0;
    const branches = await madeOf(own, actions, "own", (i) => rngs(i, "own", looked ? OWN : 1));
    if (looked) {
      const all = [branches, await madeOf(fresh, actions, "fresh", (i) => rngs(i, "fresh", FRESH))];
      for (const sigma of PARTIAL_SIGMAS) {
        const from = (i: number) => ({ clip: truths[i][n], sigma });
        all.push(await madeOf(fresh, actions, sigma, (i) => rngs(i, sigma, 1).map((c) => ({ ...c, from: from(i) }))));
      }
      for (const [i, ofVideo] of keyframes.entries())
        ofVideo.push(
          ...generatedKeyframes(
            model,
            truths[i][n],
            all.flatMap((part) => part[i]),
            n,
          ),
        );
    }
    await own.append(
      actions,
      branches.map(([{ clip }]) => clip),
    );
    await fresh.append(
      actions,
      truths.map((truth) => truth[n]),
    );
  }
  own.dispose();
  fresh.dispose();
  return prompts.map(({ start }, i) => ({ first: start.frame, keyframes: keyframes[i] }));
}
