/** `npm run train:estimators`: trains both action estimators, or resumes, tests them on held-out scenes; ships them where it is told to. */
import { join } from "node:path";
import { z } from "zod";
import { sha256Of } from "../model/nn/checkpoint.ts";
import { countParams, type Params } from "../model/nn/params.ts";
import { publishedBytes } from "../model/nn/published.ts";
import { shippedFolder } from "../model/nn/shipped.ts";
import { loadTokeniser, type Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { makeEstimator } from "../rewards/estimator/estimator.ts";
import { readHeldOut } from "../rewards/estimator/evaluate.ts";
import { DESIGNS, ESTIMATOR_KINDS } from "../rewards/estimator/kinds.ts";
import { type Backend, openBackend } from "../runtime/backend/backend.ts";
import { fillBank } from "../training/estimator/bank.ts";
import { publishEstimator } from "../training/estimator/publish.ts";
import { estimatorReport } from "../training/estimator/report.ts";
import { measureSpeed } from "../training/estimator/speed.ts";
import { type EstimatorTrainConfig, estimatorTraining, trainEstimator } from "../training/estimator/train.ts";
import { SAVE_EVERY } from "../training/run.ts";
import { UserError } from "../util/errors.ts";
import { fingerprintFile, writeJson } from "../util/files.ts";
import { count, text, threads } from "../util/schema.ts";
import { openDataset } from "../world/data/index.ts";
import { runCommand } from "./command.ts";

const LATENT_NOISE = [0.05, 0.2];

const { steps: _, ...training } = estimatorTraining.shape;

const options = z.strictObject({
  data: text().default("data/shards"),
  tokeniser: text().default("checkpoints/tokeniser"),
  out: text().default("runs").describe("Folder of the runs."),
  publish: text()
    .optional()
    .describe("Name under which the results are shipped, in checkpoints/NAME-reward and NAME-evaluation."),
  report: text().optional().describe("Where what is measured is written; estimators.json in the runs' folder."),
  heldOut: count().default(50).describe("Trajectories of each data set, its last, that are kept apart to measure on."),
  rewardSteps: count().default(900),
  evaluationSteps: count().default(900),
  saveEvery: count().default(SAVE_EVERY).describe("Steps between saved states."),
  threads: threads(),
  ...training,
});
const about =
  "Trains both action estimators, or resumes, tests them on held-out scenes; ships them where it is told to.";

/** Each estimator's data, its last trajectories kept apart. */
async function openData(dir: string, heldOut: number) {
  const open = async ({ split }: { split: string }) => ({
    split,
    dir: join(dir, split),
    data: await openDataset(join(dir, split)),
  });
  const opened = await Promise.all(ESTIMATOR_KINDS.map((kind) => open(DESIGNS[kind])));
  return opened.map(({ data, ...rest }) => {
    if (data.trajectories > heldOut) return { ...rest, data, first: data.trajectories - heldOut };
    throw new UserError(
      `${rest.dir} has only ${data.trajectories} trajectories.`,
      `Make more than ${heldOut} with npm run data.`,
    );
  });
}

type Data = Awaited<ReturnType<typeof openData>>;

async function trainAll(
  data: Data,
  tokeniser: Tokeniser,
  out: string,
  configs: EstimatorTrainConfig[],
  saveEvery: number,
): Promise<Params[]> {
  const trained: Params[] = [];
  for (const [i, kind] of ESTIMATOR_KINDS.entries()) {
    const { seed } = DESIGNS[kind];
    const fill = () =>
      fillBank(data[i].data, tokeniser, { seed, first: 0, count: data[i].first, latentNoise: LATENT_NOISE });
    const made = { tokeniser: tokeniser.sha256, data: fingerprintFile(join(data[i].dir, "manifest.json")).sha256 };
    trained.push(await trainEstimator(join(out, `estimator-${kind}`), kind, fill, configs[i], made, saveEvery));
  }
  return trained;
}

function report(data: Data, trained: Params[], tokeniser: Tokeniser, { threads }: Backend) {
  const weights = trained.map((params, i) => ({
    kind: ESTIMATOR_KINDS[i],
    params,
    sha256: sha256Of(publishedBytes(params)),
  }));
  const estimators = weights.map(({ kind, params, sha256 }) => makeEstimator(kind, params, sha256));
  const readings = readHeldOut(data, estimators, tokeniser);
  const facts = weights.map(({ kind, params, sha256 }, i) => {
    const speed = { groupsPerSecond: measureSpeed(estimators[i]), parameters: countParams(params) };
    return [kind, { seed: DESIGNS[kind].seed, sha256, ...speed }] as const;
  });
  const heldOut = {
    splits: data.map(({ split }) => split),
    firstTrajectory: data[0].first,
    videos: data.reduce((sum, { data: { trajectories }, first }) => sum + trajectories - first, 0),
    frameSteps: readings[0].commanded.length,
    dataSeed: data[0].data.manifest.config.seed,
  };
  return estimatorReport(readings, {
    estimators: Object.fromEntries(facts),
    tokeniser: tokeniser.sha256,
    heldOut,
    threads,
  });
}

await runCommand({ name: "train:estimators", about, options }, async (asked) => {
  const { data: dir, tokeniser: tokeniserDir, out, publish, report: path, saveEvery, threads: most, ...rest } = asked;
  const { heldOut, rewardSteps: reward, evaluationSteps: evaluation, ...shared } = rest;
  const steps = { reward, evaluation };
  const configs = ESTIMATOR_KINDS.map((kind) => ({ steps: steps[kind], ...shared }));
  const backend = await openBackend({ threads: most });
  const [data, tokeniser] = [await openData(dir, heldOut), loadTokeniser(tokeniserDir)];
  const trained = await trainAll(data, tokeniser, out, configs, saveEvery);
  const measured = report(data, trained, tokeniser, backend);
  writeJson(path ?? join(out, "estimators.json"), measured);
  ESTIMATOR_KINDS.forEach((kind, i) => {
    if (publish) publishEstimator(shippedFolder(`${publish}-${kind}`), kind, trained[i], configs[i], measured);
  });
  console.table(
    measured.accuracy.map(({ estimator, pictures, actions, exact, steps }) => ({
      estimator,
      pictures,
      actions,
      exact,
      steps,
    })),
  );
});
