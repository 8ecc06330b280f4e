/** Rollouts of a policy, as trees one can look at: the public face of `lib/rollout`. */
export { branchClips, type Policy, type RolloutOptions } from "./branch.ts";
export { CURRICULA, type Curriculum, targetClip } from "./curriculum.ts";
export { checkExploration, type Exploration, type Manner, NO_EXPLORATION } from "./exploration.ts";
export { rlPrompts } from "./prompts/rl.ts";
export { type ClipSampler, makeClipSampler, type Sampled, type Step } from "./sampler.ts";
export { type DecodedTree, decodeTrees, type ScoredTree, scoreTrees } from "./score.ts";
export { branchSequences } from "./sequence.ts";
export { branchFrames, type TreeVideoOptions, treeVideo } from "./show.ts";
export { type Branch, lastClip, type RolloutTree } from "./tree.ts";
