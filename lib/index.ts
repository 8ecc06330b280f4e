/**
 * The public door: what `import { ... } from "worldcompass"` gives, in a notebook cell, in a script, and from an installed
 * package. A table of contents; each name is told of where it is declared.
 *
 * @module worldcompass
 */

// Display: in a notebook, and as text elsewhere.
export { display } from "./display/display.ts";
export { lineChart } from "./display/plot/charts/line-chart.ts";
export { plot } from "./display/plot/plot.ts";
export { sheet } from "./display/sheet.ts";
export { table } from "./display/table.ts";
export { video } from "./display/video.ts";
// Evaluation: videos on prompts that nothing was trained on, metrics, one report.
export { type Metric, psnrToTruth, ssimToTruth, trueAccuracy } from "./evaluation/measure.ts";
export { evaluateModel, evaluationSet } from "./evaluation/on-world.ts";
export { type Row, readReport, recordRows, summarise } from "./evaluation/report.ts";
export { generateVideos } from "./evaluation/videos.ts";
// World models: videos that grow clip by clip under commands.
export { loadModel, untrainedModel } from "./model/dit/load.ts";
export { remoteModel } from "./model/wire/remote.ts";
export type { Candidate, Clip, Rollout, Start, TrainableWorldModel, WorldModel } from "./model/worldModel.ts";
// Objectives: what post-training minimises.
export { advantages } from "./objective/advantage.ts";
export { filtered } from "./objective/filtered.ts";
export { nft } from "./objective/nft.ts";
export type { Objective, ObjectiveInputs } from "./objective/objective.ts";
export type { Reward, RewardInput, Scoring, Weighted } from "./rewards/reward.ts";
export { remoteReward } from "./rewards/wire/client.ts";
// Curricula and explorations: which clip is trained, and how its candidates are made to differ.
export { type Curriculum, curriculum } from "./rollout/curriculum.ts";
export { type Exploration, exploration } from "./rollout/explore.ts";
export { type Prompt, prompt, promptsOf } from "./rollout/prompt.ts";
export { type Selection, selecting } from "./rollout/selecting.ts";
// Training.
export { openBackend } from "./runtime/backend/backend.ts";
export { type PostConfig, postConfig } from "./training/post/config.ts";
export { type PostTraining, postTrain } from "./training/post/post.ts";
// Rewards: what a generated clip is worth.
export { loadReward, lookUp, namesOf } from "./training/registry.ts";
export { readMetrics } from "./training/run/log.ts";
// Errors that tell what to do.
export { UserError } from "./util/errors.ts";
export { Rng } from "./util/rng.ts";
export type { Pose } from "./world/camera.ts";
export { trajectoryOf } from "./world/motion.ts";
export { keyOf, parsePoseString } from "./world/pose-string.ts";
// Worlds: exact pictures at any pose, and what commands do to the camera.
export { openWorld, WORLD_NAMES } from "./world/registry.ts";
export type { CameraModel, Level, StepSizes, World } from "./world/world.ts";
