/** How right action estimators are: on true videos of a world, on what its tokeniser makes of them, and on blurred ones. */
import { accuracyOf, stepActions } from "../metrics/accuracy.ts";
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import type { ActionEstimator, ActionReading } from "../rewards/actions/reading.ts";
import type { Engine } from "../runtime/engine/engine.ts";
import { blurred } from "../training/actions/soften.ts";
import { mean, standardError } from "../util/statistics.ts";
import { makeDataset } from "../world/dataset/make.ts";
import { type Dataset, openDataset } from "../world/dataset/read.ts";
import { RECIPES, type Recipe } from "../world/dataset/recipes.ts";
import type { World } from "../world/world.ts";

/** What an estimator is shown. */
export const PICTURES = ["true", "reconstructed", "blurred"] as const;
export type Pictures = (typeof PICTURES)[number];

/** How the videos are commanded, in turns. */
export const VALIDITY_COMMANDS = ["basic", "combined", "uniform"] as const;

/** Of one estimator, one kind of pictures and of commands: shares of frame steps, and standard errors over videos. */
export interface ValidityRow {
  readonly estimator: string;
  readonly pictures: Pictures;
  readonly commands: string;
  readonly videos: number;
  readonly exact: number;
  readonly exactError: number;
  readonly translation: number;
  readonly rotation: number;
}

export interface ValidityOptions {
  readonly world: World;
  readonly dir: string;
  readonly seed: number;
  readonly engine?: Engine;
  /** Of each kind of commands. */
  readonly videos: number;
}

const LATENTS = 17;
const RECIPE: Recipe = { ...RECIPES.evaluation, commands: VALIDITY_COMMANDS, segment: [1, 4] };
/** Data sets of other seeds have other levels; `validation` itself is made with the pipeline's own. */
const OTHER_LEVELS = 1;

/** Videos of levels that nothing was trained on. */
export async function validityVideos({ world, dir, seed, engine, videos }: ValidityOptions): Promise<Dataset> {
  const trajectories = videos * VALIDITY_COMMANDS.length;
  const shared = { world, dir, engine, trajectories, latents: LATENTS, recipe: RECIPE };
  await makeDataset({ ...shared, split: "validation", seed: seed + OTHER_LEVELS });
  return openDataset(dir);
}

/** The rows of a table of each estimator on each kind of pictures and commands. */
export function validityOf(
  estimators: readonly ActionEstimator[],
  dataset: Dataset,
  tokeniser: Tokeniser | undefined,
): ValidityRow[] {
  const { camera } = dataset.manifest.description.world;
  const shown: Record<Pictures, ((frames: Uint8Array) => Uint8Array) | undefined> = {
    true: (frames) => frames,
    reconstructed: tokeniser && ((frames) => tokeniser.decode(tokeniser.encode(frames))),
    blurred: (frames) => blurred(frames, camera),
  };
  return PICTURES.flatMap((pictures) => {
    const show = shown[pictures];
    if (!show) return [];
    const videos = Array.from({ length: dataset.trajectories }, (_, i) => show(dataset.frames(i)));
    return estimators.flatMap((estimator) => rowsOf(estimator.name, pictures, estimator.read(videos), dataset));
  });
}

function rowsOf(
  estimator: string,
  pictures: Pictures,
  readings: readonly ActionReading[],
  dataset: Dataset,
): ValidityRow[] {
  const kinds = dataset.manifest.description.recipe.commands;
  const accuracies = readings.map(({ labels }, i) => accuracyOf(labels, stepActions(dataset.recording(i).actions)));
  return kinds.map((commands, kind) => {
    const own = accuracies.filter((_, i) => i % kinds.length === kind);
    const exact = own.map((accuracy) => accuracy.exact);
    return {
      estimator,
      pictures,
      commands,
      videos: own.length,
      exact: mean(exact),
      exactError: standardError(exact),
      translation: mean(own.map((accuracy) => accuracy.translation)),
      rotation: mean(own.map((accuracy) => accuracy.rotation)),
    };
  });
}

const percent = (share: number): string => (100 * share).toFixed(1);

/** The rows in Markdown. */
export function validityTable(rows: readonly ValidityRow[]): string {
  const lines = rows.map(
    ({ estimator, pictures, commands, videos, exact, exactError, translation, rotation }) =>
      `| ${estimator} | ${pictures} | ${commands} | ${percent(exact)} ± ${percent(exactError)} | ${percent(translation)} | ${percent(rotation)} | ${videos} |`,
  );
  const head = "| estimator | pictures | commands | exact % | translation % | rotation % | videos |";
  return [head, "|---|---|---|---|---|---|---|", ...lines].join("\n");
}
