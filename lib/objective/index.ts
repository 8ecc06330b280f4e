/** Objectives of post-training and the advantages that they weigh samples with: the public face of `lib/objective`. */
export {
  advantages,
  combine,
  combineResolutions,
  type Groups,
  globalSpread,
  optimalityOf,
  type Pair,
  resolutions,
  selectPairs,
} from "./advantage.ts";
export { filtered } from "./filtered.ts";
export { GRPO_DEFAULTS, type GrpoConfig, grpo } from "./grpo.ts";
export { NFT_DEFAULTS, type NftConfig, nft } from "./nft.ts";
export type { Objective, ObjectiveInputs, TransitionTensors } from "./objective.ts";
