/** Training of one arm, in its folder: resumed where it was interrupted, and at once at its end where it is done. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { codecOf } from "../model/legacy/carried.ts";
import { type ModelCard, publishWorldModel } from "../model/legacy/publish.ts";
import type { Params } from "../model/nn/params.ts";
import type { Backend } from "../runtime/backend/backend.ts";
import type { PostTrainConfig } from "../training/posttraining/config.ts";
import { type Curve, learningCurve } from "../training/posttraining/curve.ts";
import { openLab, type Sources, sourceHashes } from "../training/posttraining/open.ts";
import { postTrainingCard } from "../training/posttraining/report.ts";
import { postTrain } from "../training/posttraining/train.ts";
import { openCorpus } from "../training/pretraining/corpus.ts";
import { readJsonLines } from "../training/run/log.ts";
import { appendJsonLine } from "../util/files.ts";
import { openDataset } from "../world/data/index.ts";
import type { Job } from "./arms.ts";
import { continuePretraining, controlCard, controlConfig } from "./control.ts";

/** What all arms share. */
export interface Shop {
  sources: Sources;
  backend: Pick<Backend, "name" | "device" | "threads">;
  /** Steps of the control; 0: as many target clips as the post-training's optimiser steps. */
  controlSteps: number;
}

export interface Trained {
  /** Averaged weights. */
  params: Params;
  /** Everything that shaped it. */
  config: Record<string, unknown>;
  card: ModelCard;
  iterations: number;
  minutes: number;
  clipGenerations: number;
  curve: Curve;
}

const SAMPLE_EVERY = 40;
/** Iterations between probes: a round of the curriculum, half of one in a short run, or what costs as much in whole sequences. */
function probesEvery({ rollout, iterations }: PostTrainConfig): number {
  const { unit, horizon } = rollout;
  if (unit === "sequence") return Math.max(1, Math.round(horizon / 4));
  return iterations >= 2 * horizon ? horizon : Math.max(1, Math.round(horizon / 2));
}

/** Where a run's averaged weights are. */
export const weightsOf = (dir: string): string => join(dir, "model");

export async function trainArm(job: Job, dir: string, shop: Shop): Promise<Trained> {
  const trained = await (job.arm.group === "control" ? trainControl : trainPost)(job, dir, shop);
  publishWorldModel(weightsOf(dir), trained.params, shop.sources.model.shape, trained.config, trained.card);
  return trained;
}

async function trainPost({ arm, config }: Job, dir: string, { sources, backend }: Shop): Promise<Trained> {
  const lab = await openLab(config, sources);
  const checkpoints = sourceHashes(sources);
  const every = { saveEvery: probesEvery(config), sampleEvery: SAMPLE_EVERY };
  const params = await postTrain({ dir, lab, backend, checkpoints, ...every });
  lab.dispose();
  const curve = learningCurve(dir);
  const [seconds, clipGenerations] = [curve.seconds, curve.clipGenerations].map((column) => column.at(-1) as number);
  const card = postTrainingCard(lab, dir, arm.group === "drift-memory" ? "post-trained" : "base");
  const own = { ...config, checkpoints };
  return { params, config: own, card, iterations: config.iterations, minutes: seconds / 60, clipGenerations, curve };
}

/** Seconds of all sessions of a run that came to their end or failed; of a killed one nothing is known. */
function secondsOf(dir: string): number {
  const path = join(dir, "sessions.jsonl");
  if (!existsSync(path)) return 0;
  return readJsonLines(path).reduce((sum, { seconds }) => sum + Number(seconds), 0);
}

async function trainControl(job: Job, dir: string, { sources, controlSteps }: Shop): Promise<Trained> {
  const { model, tokeniser } = sources;
  const config = controlConfig(job.config, controlSteps);
  const corpus = await sources.corpus();
  const validation = openCorpus(await openDataset("data/shards/validation"), tokeniser);
  const start = performance.now();
  try {
    const codec = model.shape.carried ? codecOf(tokeniser) : undefined;
    const params = await continuePretraining({ dir, model, config, corpus, validation, codec });
    const curve: Curve = { iteration: [], clipGenerations: [], seconds: [], probes: {} };
    const facts = { config: { ...config, from: model.sha256 }, card: controlCard(config), iterations: config.steps };
    const seconds = secondsOf(dir) + (performance.now() - start) / 1000;
    return { params, ...facts, minutes: seconds / 60, clipGenerations: 0, curve };
  } finally {
    appendJsonLine(join(dir, "sessions.jsonl"), { seconds: (performance.now() - start) / 1000 });
  }
}
