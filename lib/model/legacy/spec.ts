/** The world model's parameters and which of them Muon trains. */
import { fanIn, filled, type ParamSpec } from "../nn/params.ts";
import { MOTION_FEATURES } from "./condition.ts";
import {
  ACTION_CLASSES,
  CELL_CHANNELS,
  CLIP_LATENTS,
  LATENT_TOKENS,
  type ModelConfig,
  PATCH,
  TOKEN_CHANNELS,
} from "./config.ts";
import { MOTIONS } from "./motions.ts";

/** What evidence counts at first: carried pictures err in whole regions, so that its numbers are far from independent. */
const TRUST = 0.3;
/** Sinusoidal features of the noise level. */
export const SIGMA_FEATURES = 64;

/** A block of `width` channels whose modulation comes from the conditioning vector of `config.width`. */
function blockSpec(name: string, width: number, { width: condition, headWidth, expansion }: ModelConfig): ParamSpec {
  return {
    [`${name}.modulation.w`]: filled([condition, 6 * width], 0),
    [`${name}.modulation.b`]: filled([6 * width], 0),
    [`${name}.qkv`]: fanIn([width, 3 * width]),
    [`${name}.scale`]: filled([width / headWidth], 1.5),
    [`${name}.out`]: fanIn([width, width], 0.2),
    [`${name}.up`]: fanIn([width, expansion * width]),
    [`${name}.down`]: fanIn([expansion * width, width], 0.2),
  };
}

/** The detail stage; its output starts at zero, so that it adds to what the tokens say. */
function detailSpec(config: ModelConfig): ParamSpec {
  const { width, detailWidth, detailDepth } = config;
  if (detailDepth === 0) return {};
  const blocks = Array.from({ length: detailDepth }, (_, i) => ({
    ...blockSpec(`detail.${i}`, detailWidth, config),
    [`detail.${i}.previous`]: fanIn([CELL_CHANNELS, 2 * detailWidth]),
  }));
  return {
    "detail.in": fanIn([CELL_CHANNELS, detailWidth]),
    "detail.coarse": fanIn([width, PATCH * PATCH * detailWidth]),
    ...Object.assign({}, ...blocks),
    "detail.modulation.w": filled([width, 2 * detailWidth], 0),
    "detail.modulation.b": filled([2 * detailWidth], 0),
    "detail.out": filled([detailWidth, CELL_CHANNELS], 0),
  };
}

/** The decision between possible motions, and what tokens and cells are told of its outcome. */
function decisionSpec({ carried, width, detailWidth, detailDepth }: ModelConfig): ParamSpec {
  if (!carried) return {};
  const tokens: ParamSpec = {
    "decision.prior.w": filled([width, MOTIONS], 0),
    "decision.prior.b": filled([MOTIONS], 0),
    "decision.trust": filled([1], TRUST),
    "action.decided": filled([MOTION_FEATURES, width], 0),
    "in.expected": fanIn([TOKEN_CHANNELS, width], 0.5),
    "in.known": filled([PATCH * PATCH, width], 0),
    "final.doubt": filled([width, TOKEN_CHANNELS], 0),
  };
  if (detailDepth === 0) return tokens;
  const cells = {
    "detail.expected": fanIn([CELL_CHANNELS, detailWidth], 0.5),
    "detail.known": filled([1, detailWidth], 0),
    "detail.doubt": filled([detailWidth, CELL_CHANNELS], 0),
  };
  return { ...tokens, ...cells };
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
    ...Object.assign({}, ...Array.from({ length: depth }, (_, i) => blockSpec(`blocks.${i}`, width, config))),
    ...detailSpec(config),
    ...decisionSpec(config),
    "final.modulation.w": filled([width, 2 * width], 0),
    "final.modulation.b": filled([2 * width], 0),
    "final.out": filled([width, TOKEN_CHANNELS], 0),
    "final.skip": filled([width, TOKEN_CHANNELS], 0),
  };
}

/** Muon takes the blocks' hidden matrices; embeddings, modulation, decision, input and output take AdamW. */
export const isMuon = (name: string): boolean => /^(blocks|detail)\.\d+\.(qkv|out|up|down)$/.test(name);

/** What decides between motions; see decision.ts. */
export const isDecision = (name: string): boolean => name.startsWith("decision.");
