/** Everything from no data to a trained model of a world, in parts that resume: `npm run train -- --world courtyard`. */
import { join } from "node:path";
import type { World } from "../../world/world.ts";
import { makeBase } from "./base.ts";
import { makeData } from "./data.ts";
import { makeTokeniser } from "./tokeniser.ts";

export interface Pipeline {
  readonly world: World;
  /** Folder of the world's runs; each part has its own below it. */
  readonly dir: string;
  readonly seed: number;
  /** Processes that render. */
  readonly workers: number;
}

/** Where a part's data sets, runs and trained networks lie. */
export const dataDir = ({ dir }: Pipeline, split: string): string => join(dir, "data", split);
export const runDir = ({ dir }: Pipeline, name: string): string => join(dir, name);
export const networkDir = ({ dir }: Pipeline, name: string): string => join(dir, "networks", name);

/** In the order in which each finds what it needs. */
export const PARTS: Readonly<Record<string, (pipeline: Pipeline) => Promise<void>>> = {
  data: makeData,
  tokeniser: makeTokeniser,
  base: makeBase,
};
