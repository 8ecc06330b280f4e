/** Measuring world models: the public face of `lib/evaluation`. */
export { ACTION_KINDS, framesOfClips, generateVideos, type Prompt, trueVideo } from "../rollout/prompts/index.ts";
export { evaluateApart, truthRowsApart } from "./apart.ts";
export { CONTROLS, controlVideo } from "./controls.ts";
export {
  clipsToMake,
  type Evaluated,
  type EvaluationSet,
  evaluateControls,
  evaluateModel,
  evaluationSets,
  rowsOf,
} from "./evaluate.ts";
export { commandedEnds, type Kept, type KeptRow, keptOverTime, keptPerClip, keptRows } from "./objects.ts";
export { PAPER_TABLE, paperBase, paperVisual } from "./paper.ts";
export { PROFILES, type Profile, profileOf } from "./profile.ts";
export { evaluationPrompts, HORIZONS } from "./prompts.ts";
export { assertRecorded, checkpointHashes, MAIN_TABLE, MEASURED_TABLE, readTable, recordRows } from "./record.ts";
export { scoreVideo, type VideoScore } from "./score.ts";
export { compareScorers, type PolicyRow, type PolicyVideos, type Scorer, type ScorerRow } from "./scorers.ts";
export { clipEnds, compareVideos, videoFrom } from "./show.ts";
export { accuracyPerAction, accuracyPerClip, meanPerClip, type Row, rowOf } from "./table.ts";
export { type DepthTrust, interactionTrust, type TrustPoint, trustByDepth } from "./trust.ts";
export { type TruthRow, truthRow } from "./under-truth.ts";
