/** The diffusion transformer with its tokeniser as a `WorldModel`. */

import { joinFloats } from "../../util/arrays.ts";
import { MEMORY_DEFAULTS } from "../context.ts";
import type { Params } from "../nn/params.ts";
import { SAMPLER_DEFAULTS } from "../sampler.ts";
import type { Tokeniser } from "../tokeniser/tokeniser.ts";
import type { Clip, WorldModel } from "../worldModel.ts";
import { compiledNetwork } from "./compiled.ts";
import { type DitConfig, latentSize } from "./config.ts";
import { DitRollout, type GenerationOptions, type Policy } from "./rollout.ts";

export const GENERATION_DEFAULTS: GenerationOptions = {
  sampler: SAMPLER_DEFAULTS,
  memory: MEMORY_DEFAULTS,
  guidance: 1,
  discreteAction: true,
  continuousAction: true,
};

/** Codes pictures and clips by a tokeniser. */
export function codecOf(tokeniser: Tokeniser, config: DitConfig): Pick<Policy, "encode" | "decode"> {
  const { width, height } = config.camera;
  const clipBytes = 16 * width * height * 3;
  return {
    encode: (pictures) => pictures.map((picture) => tokeniser.encode(picture).subarray(0, latentSize(config.latent))),
    decode: (clips: readonly Clip[]) => {
      const bytes = tokeniser.decodeGroups(joinFloats(clips.map(({ latents }) => latents)));
      return clips.map((_, i) => bytes.subarray(i * clipBytes, (i + 1) * clipBytes));
    },
  };
}

/** @param options ablations and the sampler */
export function makeDit(
  params: Params,
  config: DitConfig,
  tokeniser: Tokeniser,
  options: Partial<GenerationOptions> = {},
): WorldModel {
  const policy: Policy = { params, config, network: compiledNetwork(config), ...codecOf(tokeniser, config) };
  const all = { ...GENERATION_DEFAULTS, ...options };
  return {
    camera: config.camera,
    step: config.step,
    reset: async (starts) => new DitRollout(policy, all, starts),
    decode: policy.decode,
  };
}
