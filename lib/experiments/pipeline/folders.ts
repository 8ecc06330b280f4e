/** What the parts of a pipeline share: the world, and where each finds what the others made. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../model/nn/published.ts";
import type { Engine } from "../../runtime/engine/engine.ts";
import { unlike } from "../../util/config.ts";
import { fromRoot } from "../../util/root.ts";
import type { Tree } from "../../util/tree.ts";
import type { World } from "../../world/world.ts";
import type { TrainingConfigs } from "./config.ts";

export interface Pipeline {
  readonly world: World;
  /** Folder of the world's runs; each part has its own below it. */
  readonly dir: string;
  readonly seed: number;
  /** Whose workers render, roll out and make videos; without one this process does. */
  readonly engine?: Engine;
  /** Which of the post-trained models are made (`post-trained-0`); all where not given. */
  readonly arms?: readonly string[];
  /** Numbers and names of the trainings; the defaults where not given. */
  readonly configs?: Partial<TrainingConfigs>;
}

/** Folders of data sets, of runs and of trained networks. */
export const dataDir = ({ dir }: Pick<Pipeline, "dir">, split: string): string => join(dir, "data", split);
export const runDir = ({ dir }: Pick<Pipeline, "dir">, name: string): string => join(dir, name);
export const networkDir = ({ dir }: Pick<Pipeline, "dir">, name: string): string => join(dir, "networks", name);

/**
 * Is a network there that says all of these facts of itself? Then its part is done.
 * @param presets what a fact counts as that an earlier network does not know yet
 */
export function isPublished(network: string, facts: Tree, presets: Tree = {}): boolean {
  if (!existsSync(fromRoot(join(network, "config.json")))) return false;
  const config = readConfig(network);
  const said = Object.fromEntries(Object.keys(facts).flatMap((name) => (name in config ? [[name, config[name]]] : [])));
  return unlike(said, facts, presets).length === 0;
}
