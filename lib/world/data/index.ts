/** Data sets of rendered trajectories: the public face of `lib/world/data`. */
export { type GenerateOptions, generateDataset, SAMPLE, TRAJECTORIES_PER_SHARD } from "./generate.ts";
export type { DatasetConfig, Manifest, ShardEntry } from "./manifest.ts";
export { type Dataset, openDataset, type Recording } from "./read.ts";
export { RECIPES, type Recipe } from "./recipe.ts";
