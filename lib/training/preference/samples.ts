/**
 * Pictures of a model's own making beside what they should show. Several of every moment: continued from the true
 * clips and from its own, from other noise, and true clips noised to several levels and denoised. So a scorer learns
 * from the faults that a policy has, in every degree, instead of from those that somebody thought of.
 */
import { CLIP_LATENTS, CLIP_SIZE } from "../../model/legacy/config.ts";
import { joinClips, toTokens } from "../../model/legacy/tokens.ts";
import type { Rollout, WorldModel } from "../../model/legacy/worldModel.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { clipActions, type Prompt, startOf, trueVideo } from "../../rollout/prompts/index.ts";
import { Progress } from "../../util/progress.ts";
import { Rng } from "../../util/rng.ts";
import { FRAME_BYTES, FRAMES_PER_LATENT, sceneSeed } from "../../world/index.ts";
import { planTrajectory } from "../../world/plane/index.ts";
import { type Fidelity, fidelityOf } from "./fidelity.ts";

/**
 * What a picture was made from. `own`: continued from the model's own clips; `fresh`: from the true ones; a number: the
 * true clip, noised to this level and denoised, after the true ones.
 */
export type Origin = "own" | "fresh" | number;

/** One version of a moment. */
export interface Version {
  readonly origin: Origin;
  readonly picture: Uint8Array;
  readonly fidelity: Fidelity;
}

/** A moment, the last frame of a latent, as it should look (reconstructed), and as the model made it. */
export interface Sample {
  readonly reconstruction: Uint8Array;
  /** The clip it lies in. */
  readonly clip: number;
  readonly versions: readonly Version[];
}

/** Samples of one prompt, in order of time; those of a clip have the same versions in the same order. */
export interface MadeFilm {
  /** Reconstructed first frame, the reference. */
  readonly first: Uint8Array;
  readonly samples: readonly Sample[];
}

export interface SampleOptions {
  videos: number;
  clips: number;
  /** Names the random stream, and with it the scenes. */
  key: string;
  /** Videos made side by side. */
  batch?: number;
}

/** Versions continued from the model's own clips, and from the true ones. */
const OWN = 4;
const FRESH = 2;
/** Noise levels of denoised true clips. */
export const RENOISED = [0.5, 0.75, 0.9] as const;
/** Clips between two that are looked at. */
const STRIDE = 3;

/** Scenes of samples follow those of the data set. */
const SAMPLE_SCENES = 500_000;

function promptOf(key: string, clips: number, i: number): Prompt {
  const rng = Rng.of("preference samples", key, i);
  const kind = i % 2 === 0 ? "basic" : "combined";
  const scene = sceneSeed("preference", SAMPLE_SCENES + rng.int(SAMPLE_SCENES));
  const plan = planTrajectory({ scene, latents: CLIP_LATENTS * clips, kind, rng });
  return { kind, sceneSeed: scene, actions: plan.commanded, poses: plan.poses };
}

/** Films of a model's own making; the scenes are those that a data set of the split does not reach. */
export function sampleFilms(model: WorldModel, tokeniser: Tokeniser, options: SampleOptions): MadeFilm[] {
  const { videos, clips, key, batch = 8 } = options;
  const prompts = Array.from({ length: videos }, (_, i) => promptOf(key, clips, i));
  const progress = new Progress(`samples of ${key}`, videos, 0, { unit: "videos" });
  const films: MadeFilm[] = [];
  for (let from = 0; from < videos; from += batch) {
    const part = prompts.slice(from, from + batch);
    films.push(...filmsOf(model, tokeniser, part, clips, [key, from]));
    progress.update(from + part.length);
  }
  progress.finish();
  return films;
}

/** A clip of every prompt: for each, its versions' tokens. */
type Versions = { readonly origin: Origin; readonly clip: Float32Array }[][];

function filmsOf(
  model: WorldModel,
  tokeniser: Tokeniser,
  prompts: readonly Prompt[],
  clips: number,
  key: readonly (string | number)[],
): MadeFilm[] {
  const truths = prompts.map((prompt) => trueClips(tokeniser, prompt));
  const starts = prompts.map((prompt) => startOf(prompt, tokeniser));
  const [own, fresh] = [model.begin(starts), model.begin(starts)];
  const samples: Sample[][] = prompts.map(() => []);
  for (let n = 0; n < clips; n++) {
    const actions = prompts.map((prompt) => clipActions(prompt.actions, n));
    const looked = (clips - 1 - n) % STRIDE === 0;
    const branches = propose(own, actions, looked ? OWN : 1, "own", [...key, n]);
    const now = truths.map((truth) => truth[n]);
    if (looked) {
      const versions = joinVersions([branches, ...freshVersions(fresh, actions, now, [...key, n])]);
      versions.forEach((all, i) => {
        samples[i].push(...samplesOf(tokeniser, now[i], all, n));
      });
    }
    own.append(
      actions,
      branches.map(([{ clip }]) => clip),
    );
    fresh.append(actions, now);
  }
  for (const rollout of [own, fresh]) rollout.dispose();
  return truths.map(([clip], i) => ({ first: pictures(tokeniser, [clip])[0][0], samples: samples[i] }));
}

/** The true clips of a prompt, encoded: tokens [60, 128] each. */
function trueClips(tokeniser: Tokeniser, prompt: Prompt): Float32Array[] {
  const tokens = toTokens(tokeniser.encode(trueVideo(prompt)));
  return Array.from({ length: tokens.length / CLIP_SIZE }, (_, n) => tokens.slice(n * CLIP_SIZE, (n + 1) * CLIP_SIZE));
}

const noisesOf = (videos: number, count: number, key: readonly (string | number)[]): Float32Array[] =>
  Array.from({ length: videos * count }, (_, i) => Rng.of("preference noise", ...key, i).normals(CLIP_SIZE));

function propose(
  rollout: Rollout,
  actions: readonly ArrayLike<number>[],
  count: number,
  origin: Origin,
  key: readonly (string | number)[],
): Versions {
  const made = rollout.propose(actions, noisesOf(rollout.count, count, [...key, origin]));
  return actions.map((_, i) => made.slice(i * count, (i + 1) * count).map((clip) => ({ origin, clip })));
}

/** Continued from the true clips, and denoised from every level. */
function freshVersions(
  rollout: Rollout,
  actions: readonly ArrayLike<number>[],
  truths: readonly Float32Array[],
  key: readonly (string | number)[],
): Versions[] {
  const renoised = RENOISED.map((sigma): Versions => {
    const noises = noisesOf(rollout.count, 1, [...key, "renoised"]);
    const made = rollout.propose(actions, noises, { clips: truths, sigma });
    return made.map((clip) => [{ origin: sigma, clip }]);
  });
  return [propose(rollout, actions, FRESH, "fresh", key), ...renoised];
}

const joinVersions = (parts: readonly Versions[]): Versions => parts[0].map((_, i) => parts.flatMap((part) => part[i]));

/** Of every clip the last frame of each latent. */
function pictures(tokeniser: Tokeniser, clips: readonly Float32Array[]): Uint8Array[][] {
  const frames = tokeniser.decodeGroups(joinClips(clips));
  return clips.map((_, clip) =>
    Array.from({ length: CLIP_LATENTS }, (_, latent) => {
      const end = FRAME_BYTES * FRAMES_PER_LATENT * (CLIP_LATENTS * clip + latent + 1);
      return frames.slice(end - FRAME_BYTES, end);
    }),
  );
}

/** A clip's four moments; of a video's first, the three after the given picture. */
function samplesOf(tokeniser: Tokeniser, truth: Float32Array, versions: Versions[number], clip: number): Sample[] {
  const [reconstructions, ...made] = pictures(tokeniser, [truth, ...versions.map((version) => version.clip)]);
  const moments = reconstructions.map((reconstruction, latent): Sample => {
    const own = versions.map(({ origin }, v): Version => {
      const picture = made[v][latent];
      return { origin, picture, fidelity: fidelityOf(picture, reconstruction) };
    });
    return { reconstruction, clip, versions: own };
  });
  return clip === 0 ? moments.slice(1) : moments;
}
