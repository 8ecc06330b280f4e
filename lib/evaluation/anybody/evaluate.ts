/** The laboratory's table of anybody's videos, with its uncertainty and with what could not be measured. */

import type { Scoring } from "../../rewards/reward.ts";
import { currentCommit } from "../../util/commit.ts";
import { UserError } from "../../util/errors.ts";
import { mean, standardError } from "../../util/statistics.ts";
import { HEIGHT, WIDTH } from "../../world/config.ts";
import { commandsOf, printPoseString } from "../../world/pose-string.ts";
import { machine } from "../report.ts";
import type { AboutEvaluator, Evaluators } from "./evaluators.ts";
import {
  type AnyMetric,
  appearanceDrift,
  type EvaluatedVideo,
  followingMetrics,
  preferenceScore,
  Readings,
  revisitLikeness,
  rewardMetric,
  sharpnessKept,
  trueFollowing,
  truthPsnr,
  truthSsim,
} from "./metrics.ts";

/** One metric over all videos that it can be measured of. */
export interface MetricRow {
  readonly topic: string;
  readonly metric: string;
  readonly unit: string;
  readonly mean: number;
  /** Standard error over videos; null of a single one. */
  readonly error: number | null;
  readonly videos: number;
  readonly needs: string;
  /** By the names of the videos. */
  readonly values: Readonly<Record<string, number>>;
}

export interface AnyReport {
  readonly name: string;
  readonly created: string;
  readonly commit: string;
  readonly machine: string;
  readonly videos: readonly { readonly name: string; readonly commands: string; readonly frames: number }[];
  readonly missing: readonly string[];
  readonly rows: readonly MetricRow[];
  /** Metrics that no video allows, and why. */
  readonly unmeasured: readonly string[];
  readonly evaluators: readonly AboutEvaluator[];
  readonly notes: readonly string[];
}

export interface EvaluateOptions {
  /** Whose videos. */
  readonly name: string;
  readonly evaluators: Evaluators;
  readonly missing?: readonly string[];
  readonly notes?: readonly string[];
  /** Measure action following in the true world too, where there is one: the slowest part. */
  readonly trueWorld?: boolean;
  /** Rewards to be measured beside: of one's own, for example over HTTP. */
  readonly rewards?: readonly Scoring[];
}

/** Does a clip show another video's commands as much as its own? What is read then is chance. */
const OTHERS = "exact, of another video's commands";

/** Metrics in the order of the table. */
function metricsOf(
  { evaluators: { estimators, preference }, trueWorld, rewards = [] }: EvaluateOptions,
  readings: Readings,
): AnyMetric[] {
  return [
    ...estimators.flatMap((estimator) => followingMetrics(estimator, readings)),
    ...(trueWorld ? [trueFollowing] : []),
    appearanceDrift,
    revisitLikeness,
    ...(preference ? [preferenceScore(preference)] : []),
    sharpnessKept,
    truthPsnr,
    truthSsim,
    ...rewards.map(rewardMetric),
  ];
}

export async function evaluateAnybody(videos: readonly EvaluatedVideo[], options: EvaluateOptions): Promise<AnyReport> {
  const { name, evaluators, missing = [], notes = [] } = options;
  const [rows, unmeasured]: [MetricRow[], string[]] = [[], [...evaluators.lacking]];
  checkNames(options);
  const readings = new Readings();
  for (const metric of metricsOf(options, readings)) {
    const row = await rowOf(metric, videos);
    if (row) rows.push(row);
    else unmeasured.push(`${metric.topic}, ${metric.name}: ${whyNot(metric)}`);
  }
  const control = evaluators.estimators.length > 0 ? await othersRow(videos, evaluators, readings) : undefined;
  if (control) rows.splice(evaluators.estimators.length * 3, 0, control);
  return {
    name,
    created: new Date().toISOString(),
    commit: currentCommit() ?? "unknown",
    machine: machine(),
    videos: videos.map(({ name: own, actions, video }) => ({
      name: own,
      commands: printPoseString(commandsOf(actions)),
      frames: video.length / (3 * WIDTH * HEIGHT),
    })),
    missing,
    rows,
    unmeasured,
    evaluators: evaluators.about,
    notes,
  };
}

/** @throws UserError where a reward of somebody's is called like a metric of ours */
export function checkNames(options: EvaluateOptions): void {
  const names = [OTHERS, ...metricsOf(options, new Readings()).map(({ name }) => name)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`two metrics are called "${twice}"`, "give the reward another name");
}

async function rowOf(metric: AnyMetric, videos: readonly EvaluatedVideo[]): Promise<MetricRow | undefined> {
  const measured: [video: string, value: number][] = [];
  for (const video of videos) {
    const value = await metric.measure(video);
    if (value !== undefined) measured.push([video.name, value]);
  }
  const list = measured.map(([, value]) => value);
  if (list.length === 0) return undefined;
  return {
    topic: metric.topic,
    metric: metric.name,
    unit: metric.unit,
    mean: mean(list),
    error: list.length > 1 ? standardError(list) : null,
    videos: list.length,
    needs: metric.needs,
    values: Object.fromEntries(measured),
  };
}

/** The control of action following: each video against the commands of the next one that are not its own. */
async function othersRow(
  videos: readonly EvaluatedVideo[],
  { estimators }: Evaluators,
  readings: Readings,
): Promise<MetricRow | undefined> {
  const swapped = videos.flatMap((video, i) => {
    const order = [...videos.slice(i + 1), ...videos.slice(0, i)];
    const other = order.find(
      ({ actions }) => actions.length >= video.actions.length && !Buffer.from(actions).equals(video.actions),
    );
    return other ? [{ ...video, actions: other.actions }] : [];
  });
  const [exact] = followingMetrics(estimators[0], readings);
  return rowOf({ ...exact, name: OTHERS }, swapped);
}

function whyNot({ needs, topic }: AnyMetric): string {
  if (needs === "the true video") return "it needs the true videos: --truth DIR";
  if (needs === "the true world") return "it needs videos made under prompts of one of our worlds: --url";
  if (topic === "memory") return "no commanded path comes back to where it was a clip before";
  return "no video allows it";
}
