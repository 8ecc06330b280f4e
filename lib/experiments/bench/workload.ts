/**
 * What both programs are given: one training batch drawn as pre-training draws it, and videos to generate under given
 * actions from given noise. Speed does not depend on the values, so they are random and no data need be at hand.
 */
import { commandedPath, type LatentPath } from "../../model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, type ModelConfig } from "../../model/legacy/config.ts";
import { modelSpec } from "../../model/legacy/spec.ts";
import type { Start } from "../../model/legacy/worldModel.ts";
import { type Init, initParams, mapEntries, type Params } from "../../model/nn/params.ts";
import type { Corpus } from "../../training/pretraining/corpus.ts";
import { drawWindow, NOISE_DEFAULTS, type Window } from "../../training/pretraining/window.ts";
import { Rng } from "../../util/rng.ts";
import { ACTIONS } from "../../world/index.ts";

/** Videos to generate side by side. */
export interface SamplingWork {
  starts: Start[];
  /** Per clip, for each video its four actions. */
  actions: number[][][];
  /** Per clip, for each video its noise [60 * 128]. */
  noises: Float32Array[][];
}

const SEED = "bench";
const ORIGIN = { x: 0, z: 0, yaw: 0, pitch: 0 };
const TRAJECTORIES = 4;
const TRAJECTORY_CLIPS = 16;
/** Standard deviation of what training starts at zero; so every part of the network counts in the comparison. */
const AWAKE = 0.02;

/** Fresh weights, none of them zero. */
export function benchParams(config: ModelConfig): Params {
  const spec = mapEntries(modelSpec(config), (init): Init => {
    return "fill" in init && init.fill === 0 ? { shape: init.shape, std: AWAKE } : init;
  });
  return initParams(spec, 0);
}

/** One action, held for a clip. */
const heldAction = (rng: Rng): number[] => new Array<number>(CLIP_LATENTS).fill(rng.int(ACTIONS));

/** Random clips along random ways. */
function randomCorpus(): Corpus {
  const commanded = Array.from({ length: TRAJECTORIES }, (_, i) => {
    const rng = Rng.of(SEED, "actions", i);
    return Uint8Array.from(Array.from({ length: TRAJECTORY_CLIPS }, () => heldAction(rng)).flat());
  });
  const paths: LatentPath[][] = commanded.map((actions) => commandedPath(ORIGIN, actions, true));
  return {
    trajectories: TRAJECTORIES,
    clips: TRAJECTORY_CLIPS,
    tokens: (trajectory, clip) => Rng.of(SEED, "tokens", trajectory, clip).normals(CLIP_SIZE),
    commanded: (trajectory) => commanded[trajectory],
    paths: (trajectory) => paths[trajectory],
  };
}

/** The windows of one training batch. */
export function trainingWindows(batch: number): Window[] {
  const corpus = randomCorpus();
  const rng = Rng.of(SEED, "windows");
  return Array.from({ length: batch }, () => drawWindow(corpus, NOISE_DEFAULTS, rng));
}

export function samplingWork(videos: number, clips: number): SamplingWork {
  const perClip = <T>(make: (rng: Rng) => T, name: string): T[][] =>
    Array.from({ length: clips }, (_, n) => Array.from({ length: videos }, (_, i) => make(Rng.of(SEED, name, n, i))));
  return {
    starts: Array.from({ length: videos }, (_, i) => {
      return { latent: Rng.of(SEED, "start", i).normals(CLIP_SIZE / CLIP_LATENTS), pose: ORIGIN };
    }),
    actions: perClip(heldAction, "held"),
    noises: perClip((rng) => rng.normals(CLIP_SIZE), "noise"),
  };
}
