/** `npm run data -- --split pretrain --trajectories 4800 --latents 40`: makes a data set in the folder --out/--split. */
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { count, share, text, whole } from "../util/schema.ts";
import { generateDataset, RECIPES, type Recipe } from "../world/data/index.ts";
import { RECORDED, type RolloverConfig, SPLITS, type Split } from "../world/index.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  split: z.enum(SPLITS).default("pretrain").describe("What its scenes are for; each purpose has scenes of its own."),
  trajectories: count().default(4800),
  latents: count().default(40).describe("Of a trajectory, the initial picture included."),
  seed: whole().default(0),
  out: text().default("data/shards").describe("Folder of the data sets."),
  workers: count().max(256).default(1).describe("Processes that render."),
  combinedFull: share()
    .default(RECORDED.combinedFull)
    .describe("Of recorded splits: probability that a combined command is carried out in full."),
  basicLost: share().default(RECORDED.basicLost).describe("Of recorded splits: probability that a basic one is lost."),
});
const about = "Makes a data set in the folder --out/--split, or what is missing of it.";

/** The split's recipe with this rollover. @throws UserError where the split's key log is clean */
function recipeOf(split: Split, rollover: RolloverConfig): Recipe {
  const planned = RECIPES[split];
  if (planned.rollover === RECORDED) return { ...planned, rollover };
  const asked = rollover.combinedFull !== RECORDED.combinedFull || rollover.basicLost !== RECORDED.basicLost;
  if (asked)
    throw new UserError(`the key log of split "${split}" is clean`, "leave out --combinedFull and --basicLost");
  return planned;
}

await runCommand({ name: "data", about, options }, async ({ split, out, combinedFull, basicLost, ...numbers }) => {
  const dir = join(out, split);
  const recipe = recipeOf(split, { combinedFull, basicLost });
  const manifest = await generateDataset({ dir, split, recipe, ...numbers });
  console.log(`${dir}: ${manifest.shards.length} shards, ${numbers.trajectories} trajectories`);
});
