/** The two ways to be measured by the laboratory's table: with videos in a folder, or with a model that answers over HTTP. */

import { remoteModel } from "../../model/wire/remote.ts";
import type { Scoring } from "../../rewards/reward.ts";
import { openRemotes } from "../../rewards/wire/address.ts";
import { UserError } from "../../util/errors.ts";
import { Progress } from "../../util/progress.ts";
import { HEIGHT, WIDTH } from "../../world/config.ts";
import type { World } from "../../world/world.ts";
import { evaluationSet } from "../on-world.ts";
import { generateVideos } from "../videos.ts";
import { readCommands } from "./commands.ts";
import { type AnyReport, checkNames, evaluateAnybody } from "./evaluate.ts";
import { loadEvaluators } from "./evaluators.ts";
import { loadVideos } from "./load.ts";
import type { EvaluatedVideo } from "./metrics.ts";
import { reportText, writeReport } from "./show.ts";

interface Asked {
  /** Folder of a world's networks, for its evaluators. */
  readonly networks: string;
  /** Folder of the page and report.json. */
  readonly out: string;
  /** Rewards at addresses, `mine=http://127.0.0.1:8000`, that are measured beside. */
  readonly rewards: readonly string[];
}

export interface VideosAsked extends Asked {
  readonly videos: string;
  readonly actions: string;
  readonly truth?: string;
  readonly rate: number;
}

export interface ModelAsked extends Asked {
  readonly url: string;
  readonly token?: string;
  readonly world: World;
  readonly prompts: number;
  readonly clips: number;
  readonly seed: number;
  readonly trueWorld: boolean;
}

/** The rewards, asked for pictures of the evaluators' size. */
const openRewards = async (texts: readonly string[]): Promise<Scoring[]> =>
  (await openRemotes(texts, { width: WIDTH, height: HEIGHT })).map(({ reward }) => reward);

export async function measureVideosIn({
  videos: dir,
  actions,
  truth,
  rate,
  networks,
  out,
  rewards,
}: VideosAsked): Promise<Told> {
  const options = { name: dir, evaluators: loadEvaluators(networks), rewards: await openRewards(rewards) };
  checkNames(options);
  const { videos, missing, notes } = await loadVideos({ videos: dir, commands: readCommands(actions), truth, rate });
  const report = await evaluateAnybody(videos, { ...options, missing, notes });
  return told(out, report, videos);
}

/** What was measured, and as text. */
interface Told {
  readonly report: AnyReport;
  readonly text: string;
}

const COMMANDS = ["basic", "combined"] as const;

/** Has a model make videos under a world's evaluation prompts, half of them basic and half combined, and measures them. */
export async function measureModelAt(asked: ModelAsked): Promise<Told> {
  const { url, token, world, prompts: count, clips, seed, networks, out, trueWorld } = asked;
  const model = await remoteModel({ url, token });
  for (const part of ["camera", "step"] as const)
    if (!alike(model[part], world[part]))
      throw new UserError(
        `the model at ${url} has the ${part} ${JSON.stringify(model[part])}, the world ${world.name} ${JSON.stringify(world[part])}`,
        "measure it on a world of its own kind, or give its videos: --videos DIR --actions FILE",
      );
  const rewards = await openRewards(asked.rewards);
  const options = { name: `${url} on ${world.name}`, evaluators: loadEvaluators(networks), trueWorld, rewards };
  checkNames(options);
  const progress = new Progress("videos", COMMANDS.length * count * clips, 0, { unit: "clips" });
  const videos: EvaluatedVideo[] = [];
  for (const commands of COMMANDS) {
    const { prompts, truths } = await evaluationSet(world, commands, count, clips);
    const onClips = (made: number): void => progress.advance(made);
    const made = await generateVideos(model, prompts, { clips, samplingSeed: seed, onClips });
    videos.push(
      ...made.map((video, i) => ({
        ...{ name: `${commands}-${i}`, video, truth: truths[i] },
        ...{ prompt: prompts[i], actions: prompts[i].actions },
      })),
    );
  }
  progress.finish();
  return told(out, await evaluateAnybody(videos, options), videos);
}

/** Programs round their numbers; 1 % of a step is nothing beside what a model errs. */
const ROUNDING = 0.01;

const alike = (a: object, b: object): boolean => {
  const found = new Map<string, unknown>(Object.entries(a));
  return Object.entries(b).every(([name, value]) => {
    const other = found.get(name);
    return typeof value === "number" ? Math.abs(Number(other) - value) <= ROUNDING * value : other === value;
  });
};

async function told(out: string, report: AnyReport, videos: readonly EvaluatedVideo[]): Promise<Told> {
  await writeReport(out, report, videos);
  return { report, text: `${await reportText(report)}\n\n${out}: index.html and report.json written` };
}
