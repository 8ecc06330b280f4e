/** What the parts of a pipeline share: the world, and where each finds what the others made. */
import { join } from "node:path";
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
