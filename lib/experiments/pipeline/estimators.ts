/** Fits and trains a world's action estimators, and measures how right they are. */
import { join } from "node:path";
import { validityOf, validityTable, validityVideos } from "../../evaluation/validity.ts";
import { loadDepthNetwork } from "../../model/depth/depth.ts";
import { loadTokeniser, type Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { DESIGNS } from "../../rewards/actions/classifier.ts";
import { ESTIMATOR_FOLDERS, loadActionEstimator, loadOdometry } from "../../rewards/actions/estimators.ts";
import { type LatentMotion, motionReader } from "../../rewards/actions/odometry.ts";
import { groupsOf } from "../../rewards/actions/reading.ts";
import { type BankOptions, fillBanks } from "../../training/actions/bank.ts";
import { fitErrors } from "../../training/actions/errors.ts";
import { publishClassifier, publishOdometry } from "../../training/actions/publish.ts";
import { blurred } from "../../training/actions/soften.ts";
import { classifierTraining, trainClassifier } from "../../training/actions/train.ts";
import { writeAtomic, writeJson } from "../../util/files.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { LEFT_OUT } from "./depth.ts";
import { dataDir, isPublished, networkDir, type Pipeline, runDir } from "./folders.ts";

const ROLES = { flow: "evaluation", cost: "check" } as const;
const PURPOSES = {
  evaluation: "Measures models; nothing is ever trained against it.",
  check: "A second measure of models, beside the first; nothing is ever trained against it.",
};
const PRESETS = { training: classifierTraining.parse({}) };
/** Random streams apart from all others of the pipeline. */
const SEEDS = { flow: 202, cost: 303 } as const;
const NOISES: Pick<BankOptions, "latentNoise" | "noise"> = { latentNoise: 0.3, noise: 0.03 };
/** Of each kind of commands. */
const VIDEOS = 32;

export async function makeEstimators(pipeline: Pipeline): Promise<void> {
  const tokeniser = loadTokeniser(networkDir(pipeline, "tokeniser"));
  const fitted = await fitOdometry(pipeline, tokeniser);
  const trained = await trainClassifiers(pipeline, tokeniser);
  if (fitted || trained) await reportValidity(pipeline, tokeniser);
}

/** @returns whether there was something to do */
async function fitOdometry(pipeline: Pipeline, tokeniser: Tokeniser): Promise<boolean> {
  const dir = networkDir(pipeline, ESTIMATOR_FOLDERS.reward);
  const depth = loadDepthNetwork(networkDir(pipeline, "depth"));
  const facts = { world: pipeline.world.name, tokeniser: tokeniser.sha256 };
  if (isPublished(dir, { ...facts, depth: depth.sha256 })) return false;
  const dataset = await openDataset(dataDir(pipeline, "estimator-reward"));
  const { camera } = pipeline.world;
  const read = motionReader(depth);
  const motions: LatentMotion[] = [];
  const actions: number[] = [];
  for (let i = dataset.trajectories - LEFT_OUT; i < dataset.trajectories; i++) {
    const frames = dataset.frames(i);
    for (const video of [frames, tokeniser.decode(tokeniser.encode(frames)), blurred(frames, camera)]) {
      motions.push(...read(groupsOf([video], camera).groups));
      actions.push(...dataset.recording(i).actions.subarray(1));
    }
  }
  publishOdometry(dir, depth.sha256, fitErrors(motions, actions), facts);
  return true;
}

/** @returns whether there was something to do */
export async function trainClassifiers(pipeline: Pipeline, tokeniser: Tokeniser): Promise<boolean> {
  const facts = { world: pipeline.world.name, tokeniser: tokeniser.sha256 };
  const plans = DESIGNS.map((design) => {
    const name = design.name as keyof typeof ROLES;
    const training = classifierTraining.parse({ seed: pipeline.seed + SEEDS[name] });
    const dir = networkDir(pipeline, ESTIMATOR_FOLDERS[ROLES[name]]);
    return { design, training, dir, purpose: PURPOSES[ROLES[name]] };
  }).filter(({ dir, training }) => !isPublished(dir, { ...facts, training }, PRESETS));
  const dataset = await openDataset(dataDir(pipeline, "estimator-evaluation"));
  const { camera } = pipeline.world;
  // One after the other: the features of one take a few hundred megabytes.
  for (const { design, training, dir, purpose } of plans) {
    const options = { seed: training.seed, first: 0, count: dataset.trajectories, ...NOISES };
    const [bank] = fillBanks([design], dataset, tokeniser, options);
    const run = runDir(pipeline, `actions-${design.name}`);
    const params = await trainClassifier(run, bank, training, { tokeniser: tokeniser.sha256 });
    publishClassifier(dir, design, camera, params, training, { ...facts, purpose, latents: bank.actions.length });
  }
  return plans.length > 0;
}

async function reportValidity(pipeline: Pipeline, tokeniser: Tokeniser): Promise<void> {
  const { world, seed, engine } = pipeline;
  const networks = networkDir(pipeline, "");
  const dataset = await validityVideos({ world, seed, engine, dir: dataDir(pipeline, "validity"), videos: VIDEOS });
  const estimators = [
    loadActionEstimator(networks, "reward"),
    loadOdometry(networks, { labelling: "rule" }),
    loadActionEstimator(networks, "evaluation"),
    loadActionEstimator(networks, "check"),
  ];
  const rows = validityOf(estimators, dataset, tokeniser);
  writeJson(join(networks, "estimators.json"), { world: world.name, tokeniser: tokeniser.sha256, rows });
  writeAtomic(
    join(networks, "estimators.md"),
    `# How right the action estimators are: ${world.name}\n\nLevels of the split \`validation\` that nothing was trained on. Errors are standard errors over videos. The odometry rewards\n(\`rule\`: labelled by the paper's thresholds and angles instead of the likeliest action); flow measures, cost checks it.\n\n${validityTable(rows)}\n`,
  );
}
