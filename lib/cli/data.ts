/** `npm run data -- --split pretrain --trajectories 4800 --latents 40`: makes a data set in the folder --out/--split. */
import { join } from "node:path";
import { UserError } from "../util/errors.ts";
import { generateDataset, RECIPES, type Recipe } from "../world/data/index.ts";
import { checkRollover, isSplit, RECORDED, type RolloverConfig, SPLITS, type Split } from "../world/index.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = {
  split: "pretrain",
  trajectories: 4800,
  latents: 40,
  seed: 0,
  out: "data/shards",
  workers: 1,
  /** How key logs of recorded splits disagree with the camera; see lib/world/rollover.ts. */
  ...RECORDED,
};

/** The split's recipe with this rollover. @throws UserError where the split's key log is clean */
function recipeOf(split: Split, rollover: RolloverConfig): Recipe {
  const planned = RECIPES[split];
  checkRollover(rollover);
  if (planned.rollover === RECORDED) return { ...planned, rollover };
  const asked = rollover.combinedFull !== RECORDED.combinedFull || rollover.basicLost !== RECORDED.basicLost;
  if (asked)
    throw new UserError(`the key log of split "${split}" is clean`, "leave out --combinedFull and --basicLost");
  return planned;
}

runMain(async () => {
  const { split, out, combinedFull, basicLost, ...numbers } = parseOptions(DEFAULTS);
  if (!isSplit(split)) throw new UserError(`There is no split "${split}".`, `Use one of ${SPLITS.join(", ")}.`);
  const dir = join(out, split);
  const recipe = recipeOf(split, { combinedFull, basicLost });
  const manifest = await generateDataset({ dir, split, recipe, ...numbers });
  console.log(`${dir}: ${manifest.shards.length} shards, ${numbers.trajectories} trajectories`);
});
