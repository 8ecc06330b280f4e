/** The transformer's parameters and which of them Muon trains. */

import { ACTION_CLASSES } from "../clip.ts";
import { fanIn, filled, type ParamSpec } from "../nn/params.ts";
import { clipTokens, type DitConfig, HEAD_WIDTH, PATCH, tokenChannels } from "./config.ts";
import { MOTION_FEATURES } from "./motion.ts";

/** Sinusoidal features of the noise level. */
export const SIGMA_FEATURES = 64;

function blockSpec(name: string, { width, expansion }: DitConfig): ParamSpec {
  return {
    [`${name}.modulation.w`]: filled([width, 6 * width], 0),
    [`${name}.modulation.b`]: filled([6 * width], 0),
    [`${name}.qkv`]: fanIn([width, 3 * width]),
    [`${name}.scale`]: filled([width / HEAD_WIDTH], 1.5),
    [`${name}.out`]: fanIn([width, width], 0.2),
    [`${name}.up`]: fanIn([width, expansion * width]),
    [`${name}.down`]: fanIn([expansion * width, width], 0.2),
  };
}

function cellBlockSpec(name: string, { width, cellWidth }: DitConfig): ParamSpec {
  return {
    [`${name}.modulation.w`]: filled([width, 3 * cellWidth], 0),
    [`${name}.modulation.b`]: filled([3 * cellWidth], 0),
    [`${name}.1`]: fanIn([3, 3, cellWidth, cellWidth], Math.SQRT2),
    [`${name}.2`]: fanIn([3, 3, cellWidth, cellWidth], 0.3),
  };
}

const blocks = (count: number, spec: (i: number) => ParamSpec): ParamSpec =>
  Object.assign({}, ...Array.from({ length: count }, (_, i) => spec(i)));

/** Names, shapes and initial values. The action embedding and the motion projection start at zero (WorldPlay). */
export function ditSpec(config: DitConfig): ParamSpec {
  const { latent, width, depth, cellWidth, cellDepth } = config;
  const { channels } = latent;
  return {
    "in.w": fanIn([tokenChannels(latent), width]),
    "in.previous": fanIn([tokenChannels(latent), width]),
    "in.place": { shape: [clipTokens(latent), width], std: 0.3 },
    "sigma.1": fanIn([SIGMA_FEATURES, width]),
    "sigma.2": fanIn([width, width]),
    "action.embedding": filled([ACTION_CLASSES, width], 0),
    "action.motion": filled([MOTION_FEATURES, width], 0),
    ...blocks(depth, (i) => blockSpec(`blocks.${i}`, config)),
    "cells.in": fanIn([3, 3, 2 * channels, cellWidth]),
    "cells.coarse": fanIn([width, PATCH * PATCH * cellWidth]),
    ...blocks(cellDepth, (i) => cellBlockSpec(`cells.${i}`, config)),
    "cells.out": filled([3, 3, cellWidth, channels], 0),
    "final.skip": filled([width, channels], 0),
  };
}

/** Muon takes the transformer's hidden matrices; embeddings, modulation, convolutions, input and output take AdamW. */
export const isMuon = (name: string): boolean => /^blocks\.\d+\.(qkv|out|up|down)$/.test(name);
