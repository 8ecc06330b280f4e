/** What the parts of a pipeline share: the world, and where each finds what the others made. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../model/nn/published.ts";
import { fromRoot } from "../../util/root.ts";
import type { World } from "../../world/world.ts";

export interface Pipeline {
  readonly world: World;
  /** Folder of the world's runs; each part has its own below it. */
  readonly dir: string;
  readonly seed: number;
  /** Processes that render. */
  readonly workers: number;
}

/** Folders of data sets, of runs and of trained networks. */
export const dataDir = ({ dir }: Pipeline, split: string): string => join(dir, "data", split);
export const runDir = ({ dir }: Pipeline, name: string): string => join(dir, name);
export const networkDir = ({ dir }: Pipeline, name: string): string => join(dir, "networks", name);

/** Is a network there that says all of these facts of itself? Then its part is done. */
export function isPublished(network: string, facts: Readonly<Record<string, unknown>>): boolean {
  if (!existsSync(fromRoot(join(network, "config.json")))) return false;
  const config = readConfig(network);
  return Object.entries(facts).every(([name, value]) => JSON.stringify(config[name]) === JSON.stringify(value));
}
