/** How much of drift and memory is measured, and on which models. */
import { existsSync } from "node:fs";
import { codecOf } from "../model/legacy/carried.ts";
import { MEMORY_DEFAULTS, type MemoryOptions } from "../model/legacy/memory.ts";
import { loadWorldModel } from "../model/legacy/publish.ts";
import type { WorldModel } from "../model/legacy/worldModel.ts";
import { loadTokeniser } from "../model/tokeniser/tokeniser.ts";
import { ROUTES, type Route } from "../rollout/prompts/index.ts";
import { UserError } from "../util/errors.ts";
import { fromRoot } from "../util/root.ts";
import type { RememberingOptions } from "./remembering.ts";

export interface DriftProfile {
  name: string;
  /** In clips; the last is generated, the others are its beginnings. */
  horizons: readonly number[];
  /** Prompts of combined commands, and of each route. */
  combined: number;
  perRoute: number;
  routes: readonly Route[];
  seeds: readonly number[];
  batch: number;
  /** Prompts of each wide kind and their clips. */
  wide: number;
  wideClips: number;
  /** Videos of combined commands far beyond the training. */
  veryLong: { clips: number; prompts: number };
  /** Groups of candidates for a clip that comes back. */
  remembering: RememberingOptions;
}

const SHORT: readonly Route[] = ["out-and-back", "look-away"];

const DRIFT_PROFILES: Record<string, DriftProfile> = {
  smoke: { name: "smoke", horizons: [8], combined: 1, perRoute: 1, routes: ["look-away"], seeds: [0], batch: 4, wide: 1, wideClips: 1, veryLong: { clips: 4, prompts: 1 }, remembering: { clips: [3], perRoute: 1, branches: 4 } }, // biome-ignore format: a table
  ci: { name: "ci", horizons: [4, 8], combined: 2, perRoute: 1, routes: SHORT, seeds: [0], batch: 4, wide: 1, wideClips: 4, veryLong: { clips: 12, prompts: 1 }, remembering: { clips: [5], perRoute: 1, branches: 6 } }, // biome-ignore format: a table
  paper: { name: "paper", horizons: [8, 24, 48], combined: 4, perRoute: 1, routes: ROUTES, seeds: [0], batch: 9, wide: 3, wideClips: 8, veryLong: { clips: 96, prompts: 2 }, remembering: { clips: [5, 9, 13], perRoute: 2, branches: 8 } }, // biome-ignore format: a table
};

/** @throws UserError for an unknown name, listing the known ones */
export function driftProfileOf(name: string): DriftProfile {
  const profile = DRIFT_PROFILES[name];
  if (profile) return profile;
  throw new UserError(`there is no profile "${name}"`, `choose one of ${Object.keys(DRIFT_PROFILES).join(", ")}`);
}

export interface NamedModel {
  readonly name: string;
  readonly model: WorldModel;
}

/** The compared models and the folders of their weights. */
export const DRIFT_MODELS = {
  base: "checkpoints/base",
  "post-trained": "checkpoints/post-trained",
  "post-trained+obedience": "checkpoints/post-trained-obedience",
  "post-trained+drift": "checkpoints/post-trained-drift",
  "post-trained+memory": "checkpoints/post-trained-memory",
  "post-trained+drift+memory": "checkpoints/post-trained-drift-memory",
} as const;

/** The models whose weights are there, and the names of those that have not been trained yet. */
export function openDriftModels(): { models: NamedModel[]; missing: string[] } {
  const all = Object.entries(DRIFT_MODELS);
  const trained = (dir: string): boolean => existsSync(fromRoot(`${dir}/config.json`));
  return {
    models: all.filter(([, dir]) => trained(dir)).map(([name, dir]) => ({ name, model: loadWorldModel(dir) })),
    missing: all.filter(([, dir]) => !trained(dir)).map(([name]) => name),
  };
}

const ABLATIONS: Record<string, Partial<MemoryOptions>> = {
  "no retrieval": { retrieval: false },
  "no reframing": { reframing: false },
};

/** The base model without parts of its context memory, and with nothing made of places that no picture shows. */
export function openAblations(dir: string = DRIFT_MODELS.base): NamedModel[] {
  const without = Object.entries(ABLATIONS).map(([name, memory]) => ({
    name: `base, ${name}`,
    model: loadWorldModel(dir, { memory: { ...MEMORY_DEFAULTS, ...memory } }),
  }));
  const codec = codecOf(loadTokeniser(), undefined, false);
  return [...without, { name: "base, nothing continued", model: loadWorldModel(dir, { codec }) }];
}
