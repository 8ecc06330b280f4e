/**
 * Measures shipped models again on the first of the recorded prompts, with the recorded noise, and compares video by video: what
 * the record says must come out of what is shipped.
 */
import { evaluateModel, evaluationSet } from "../evaluation/on-world.ts";
import { type Row, rowsAbout } from "../evaluation/report.ts";
import { UserError } from "../util/errors.ts";
import { mean } from "../util/statistics.ts";
import type { World } from "../world/world.ts";
import { metricsIn, modelsIn, openModel } from "./pipeline/models.ts";

/**
 * How far the means over a sample of videos may be apart. On the machine of the record nothing is; on another processor sums are
 * rounded otherwise, which over eight clips turns a label here and there: one of 31 latents of four videos is 0.8 points.
 */
const TOLERANCES: Readonly<Record<string, number>> = {
  "action-accuracy": 2.5,
  "action-accuracy-true": 2.5,
  "rotation-error": 0.5,
  "translation-error": 0.05,
  psnr: 0.2,
  ssim: 0.01,
  "visual-heldout": 0.1,
};

/** A metric of one model, as recorded and as it came out. */
export interface Comparison {
  readonly about: Omit<Row, "values">;
  readonly videos: number;
  readonly recorded: number;
  readonly measured: number;
  readonly agrees: boolean;
}

/** @throws UserError where the record has nothing about a row, or fewer videos */
export function compare(measured: readonly Row[], record: readonly Row[]): Comparison[] {
  return measured.map(({ values, ...about }) => {
    const [found] = rowsAbout(record, about);
    const name = `${about.metric} of ${about.model}, ${about.actions}, ${about.frames} frames`;
    if (!found)
      throw new UserError(`the record has no ${name}`, "measure and record it, or restore the record from git");
    if (found.values.length < values.length)
      throw new UserError(
        `the record has ${found.values.length} videos of ${name}`,
        `compare as many, not ${values.length}`,
      );
    const [recorded, now] = [mean(found.values.slice(0, values.length)), mean(values)];
    const agrees = Math.abs(recorded - now) <= (TOLERANCES[about.metric] ?? 0);
    return { about, videos: values.length, recorded, measured: now, agrees };
  });
}

export const KINDS = ["basic", "combined"] as const;

/** What is measured again. */
export interface Sample {
  readonly prompts: number;
  readonly clips: number;
  /** Default: both. */
  readonly kinds?: readonly (typeof KINDS)[number][];
  /** Default: all that are recorded and whose networks are there. */
  readonly models?: readonly string[];
}

const framesOfClips = (clips: number): number => 16 * clips - 3;

/** @throws UserError where the record has not as many videos of that length of a model, so that nothing is measured in vain */
export function checkRecorded(
  world: Pick<World, "name">,
  networks: string,
  record: readonly Row[],
  { prompts, clips }: Sample,
): void {
  for (const { model, trainingSeed } of recordedModels(world, networks, record)) {
    for (const actions of KINDS) {
      const rows = rowsAbout(record, { world: world.name, model, trainingSeed, actions });
      const name = `${model}, ${actions}`;
      const lengths = [...new Set(rows.map(({ frames }) => frames))].map((frames) => (frames + 3) / 16);
      const own = rows.filter(({ frames }) => frames === framesOfClips(clips));
      if (own.length === 0)
        throw new UserError(`no videos of ${clips} clips are recorded of ${name}`, `give ${lengths.join(", ")} clips`);
      const fewest = Math.min(...own.map(({ values }) => values.length));
      if (fewest < prompts)
        throw new UserError(`${fewest} prompts are recorded of ${name}, not ${prompts}`, `give ${fewest} at most`);
    }
  }
}

/**
 * @param networks folder of the world's shipped networks
 * @param record all rows that are recorded
 */
export async function measureAgain(
  world: World,
  networks: string,
  record: readonly Row[],
  { prompts, clips, kinds = KINDS, models }: Sample,
  onClips: (clips: number) => void = () => {},
): Promise<Comparison[]> {
  const metrics = metricsIn(networks);
  const comparisons: Comparison[] = [];
  const recorded = recordedModels(world, networks, record).filter(({ model }) => models?.includes(model) ?? true);
  for (const kind of kinds) {
    const set = await evaluationSet(world, kind, prompts, clips);
    for (const measured of recorded) {
      const { model, trainingSeed } = measured;
      const opened = openModel(networks, measured);
      const about = { model, trainingSeed, samplingSeed: 0 };
      const { rows } = await evaluateModel(about, opened.model, set, metrics, [framesOfClips(clips)], onClips);
      opened.dispose();
      comparisons.push(...compare(rows, record));
    }
  }
  return comparisons;
}

/** The models of a folder of networks of which something is recorded; but for those that select, which take twelve times as long. */
export const recordedModels = (world: Pick<World, "name">, networks: string, record: readonly Row[]) =>
  modelsIn(networks).filter(
    ({ model, trainingSeed, selects }) =>
      !selects && rowsAbout(record, { world: world.name, model, trainingSeed }).length > 0,
  );

/** A line for each, with what does not agree marked. */
export const comparisonLines = (comparisons: readonly Comparison[]): string[] =>
  comparisons.map(({ about: { model, actions, frames, metric, unit }, videos, recorded, measured, agrees }) => {
    const difference = measured - recorded;
    const sign = difference < 0 ? "-" : "+";
    return `${agrees ? "agrees " : "DIFFERS"} ${model}, ${actions}, ${frames} frames, ${videos} videos: ${metric} ${measured.toFixed(3)} ${unit} (record ${recorded.toFixed(3)}, ${sign}${Math.abs(difference).toFixed(3)})`;
  });
