/** The work of both programs: made once, used here, and written to a file for PyTorch. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { codecOf } from "../../model/legacy/carried.ts";
import { BASE_MODEL, CONTEXT_SIGMA, LATENT_TOKENS, TOKEN_CHANNELS } from "../../model/legacy/config.ts";
import { SAMPLER_DEFAULTS, sigmaSchedule } from "../../model/legacy/sampler.ts";
import type { Params } from "../../model/nn/params.ts";
import { loadPublished } from "../../model/nn/published.ts";
import { TOKENISER } from "../../model/tokeniser/config.ts";
import { LINEAR_SPEC, TOKENISER_SPEC } from "../../model/tokeniser/network.ts";
import { makeTokeniser, type Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { CACHE } from "../../runtime/setup/paths.ts";
import { type WindowBatch, windowBatch } from "../../training/pretraining/loss.ts";
import { PRETRAINING } from "../../training/pretraining/train.ts";
import { writeAtomic } from "../../util/files.ts";
import { encodeSafetensors, type HostTensor } from "../../util/safetensors.ts";
import { OPTIMISER, RATES, sample } from "./ours.ts";
import { onHost, planTensors } from "./plan.ts";
import type { TorchSettings } from "./torch.ts";
import { benchParams, type SamplingWork, samplingWork, trainingWindows } from "./workload.ts";

export interface Work {
  params: Params;
  batch: WindowBatch;
  tokeniserParams: Params;
  tokeniser: Tokeniser;
  sampling: SamplingWork;
  /** The sampling work as PyTorch is told it. */
  plan: Record<string, HostTensor>;
}

/** Videos generated side by side, and their clips: 125 frames each. */
export const VIDEOS = 8;
export const CLIPS = 8;

/** For files that both programs read and write. */
export const FOLDER = join(CACHE, "bench");

/** @throws UserError if the tokeniser's checkpoint is missing or damaged */
export function makeWork(): Work {
  const spec = { ...LINEAR_SPEC, ...TOKENISER_SPEC };
  const { params: tokeniserParams, sha256 } = loadPublished("checkpoints/tokeniser", spec);
  // Random latents have the unit variance that the scales would give.
  const tokeniser = makeTokeniser(tokeniserParams, sha256, new Float32Array(TOKENISER.latentChannels).fill(1));
  const codec = BASE_MODEL.carried ? codecOf(tokeniser) : undefined;
  const params = benchParams(BASE_MODEL);
  const sampling = samplingWork(VIDEOS, CLIPS);
  return {
    params,
    batch: windowBatch(trainingWindows(PRETRAINING.batch), codec),
    tokeniserParams,
    tokeniser,
    sampling,
    plan: planTensors(sampling, codec && { codec, ...sample(params, BASE_MODEL, tokeniser, sampling) }),
  };
}

/** Tensors copied to the host, whole numbers as floats, under `prefix.`. */
function named(prefix: string, tensors: Params): Record<string, HostTensor> {
  const entries = Object.entries(tensors).map(([name, t]) => {
    return [`${prefix}.${name}`, onHost(t)] as const;
  });
  return Object.fromEntries(entries);
}

/** Writes everything that PyTorch computes with. @returns the file */
export function exportWork({ params, batch, tokeniserParams, sampling, plan }: Work): string {
  const { context, targets, ...rest } = batch;
  const latents = sampling.starts.flatMap(({ latent }) => Array.from(latent));
  const tensors = {
    ...named("model", params),
    ...named("tokeniser", tokeniserParams),
    ...named("batch", rest),
    ...named("batch.context", { ...context }),
    ...named("batch.targets", { ...targets }),
    ...plan,
    start: { shape: [sampling.starts.length, LATENT_TOKENS, TOKEN_CHANNELS], data: Float32Array.from(latents) },
  };
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, "work.safetensors");
  writeAtomic(path, encodeSafetensors(tensors));
  return path;
}

/** Everything else that PyTorch must know. */
export function torchSettings(threads: number): TorchSettings {
  const { adamwScale, clipNorm, muonConfig, adamwConfig } = OPTIMISER;
  const { beta1, beta2, epsilon } = adamwConfig;
  return {
    threads,
    model: BASE_MODEL,
    clips: CLIPS,
    sigmas: sigmaSchedule(SAMPLER_DEFAULTS),
    contextSigma: CONTEXT_SIGMA,
    rates: RATES,
    optimiser: { adamw_scale: adamwScale, clip_norm: clipNorm, momentum: muonConfig.momentum, beta1, beta2, epsilon },
  };
}
