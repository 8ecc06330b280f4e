/** `npm run data -- --split pretrain --trajectories 4800 --latents 40`: makes a data set in the folder --out/--split. */
import { join } from "node:path";
import { generateDataset } from "../dataset/index.ts";
import { UserError } from "../util/errors.ts";
import { isSplit, SPLITS } from "../world/index.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = { split: "pretrain", trajectories: 4800, latents: 40, seed: 0, out: "data/shards", workers: 1 };

runMain(async () => {
  const { split, out, ...numbers } = parseOptions(DEFAULTS);
  if (!isSplit(split)) throw new UserError(`There is no split "${split}".`, `Use one of ${SPLITS.join(", ")}.`);
  const dir = join(out, split);
  const manifest = await generateDataset({ dir, split, ...numbers });
  console.log(`${dir}: ${manifest.shards.length} shards, ${numbers.trajectories} trajectories`);
});
