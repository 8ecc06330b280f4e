/** The world model's parameters and which of them Muon trains. */
import { fanIn, filled, type ParamSpec } from "../nn/params.ts";
import { MOTION_FEATURES } from "./condition.ts";
import { ACTION_CLASSES, CLIP_LATENTS, LATENT_TOKENS, type ModelConfig, TOKEN_CHANNELS } from "./config.ts";

/** Sinusoidal features of the noise level. */
export const SIGMA_FEATURES = 64;

function blockSpec({ width, headWidth, expansion }: ModelConfig, i: number): ParamSpec {
  return {
    [`blocks.${i}.modulation.w`]: filled([width, 6 * width], 0),
    [`blocks.${i}.modulation.b`]: filled([6 * width], 0),
    [`blocks.${i}.qkv`]: fanIn([width, 3 * width]),
    [`blocks.${i}.scale`]: filled([width / headWidth], 1.5),
    [`blocks.${i}.out`]: fanIn([width, width], 0.2),
    [`blocks.${i}.up`]: fanIn([width, expansion * width]),
    [`blocks.${i}.down`]: fanIn([expansion * width, width], 0.2),
  };
}

/** Names, shapes and initial values. The action embedding and the motion projection start at zero (WorldPlay). */
export function modelSpec(config: ModelConfig): ParamSpec {
  const { width, depth } = config;
  return {
    "in.w": fanIn([TOKEN_CHANNELS, width]),
    "in.previous": fanIn([TOKEN_CHANNELS, width]),
    "in.place": { shape: [CLIP_LATENTS * LATENT_TOKENS, width], std: 0.3 },
    "sigma.1": fanIn([SIGMA_FEATURES, width]),
    "sigma.2": fanIn([width, width]),
    "action.embedding": filled([ACTION_CLASSES, width], 0),
    "action.motion": filled([MOTION_FEATURES, width], 0),
    ...Object.assign({}, ...Array.from({ length: depth }, (_, i) => blockSpec(config, i))),
    "final.modulation.w": filled([width, 2 * width], 0),
    "final.modulation.b": filled([2 * width], 0),
    "final.out": filled([width, TOKEN_CHANNELS], 0),
    "final.skip": filled([width, TOKEN_CHANNELS], 0),
  };
}

/** Muon takes the blocks' hidden matrices; embeddings, modulation, input and output take AdamW. */
export const isMuon = (name: string): boolean => /^blocks\.\d+\.(qkv|out|up|down)$/.test(name);
