/**
 * `npm run train -- --world courtyard`: from no data to a trained model of a world; goes on where it was stopped. `--only
 * tokeniser` does one part; `--base.batch 4 --post.objective.beta 0.5` change its numbers.
 */
import { join } from "node:path";
import { z } from "zod";
import { baseChoices, postChoices, tablesChoices } from "../experiments/pipeline/config.ts";
import { openRecordings, PARTS, RECORDED_PARTS } from "../experiments/pipeline/pipeline.ts";
import { ARM_NAMES } from "../experiments/pipeline/post.ts";
import { shipNetworks } from "../experiments/pipeline/publish.ts";
import { openBackend, PRODUCTS } from "../runtime/backend/backend.ts";
import { engineOptions, withEngine } from "../runtime/engine/open.ts";
import { UserError } from "../util/errors.ts";
import { text, threads, whole } from "../util/schema.ts";
import { openWorld, WORLD_NAMES } from "../world/registry.ts";
import { runCommand } from "./command.ts";

const NAMES = Object.keys(PARTS);
const options = z.strictObject({
  world: z.enum(WORLD_NAMES).default("courtyard"),
  recordings: text().optional().describe("Instead of a world: name of imported recordings (docs/data.md)."),
  out: text().default("runs").describe("Folder of the runs."),
  only: z.array(z.enum(NAMES)).min(1).optional().describe("Parts to do, in this order; all where not given."),
  arms: z.array(z.enum(ARM_NAMES)).min(1).optional().describe("Post-trained models to make; all where not given."),
  seed: whole().default(0),
  ...engineOptions,
  products: z.enum(PRODUCTS).default("bfloat16").describe("How matrix products are computed where the processor can."),
  publish: text()
    .optional()
    .describe("Name below checkpoints/ under which what there is is shipped, instead of training."),
  threads: threads(),
  base: baseChoices.prefault({}),
  post: postChoices.prefault({}),
  tables: tablesChoices.prefault({}),
});
const about = "Makes a trained model of a world from no data, part by part; goes on where it was stopped.";

/** The parts that are asked for, out of those that can be done. */
function chosen(parts: typeof PARTS, only: readonly string[] | undefined): (typeof PARTS)[string][] {
  const names = Object.keys(parts);
  const missing = only?.find((name) => !names.includes(name));
  if (missing) throw new UserError(`recordings have no part "${missing}"`, `choose among ${names.join(", ")}`);
  return (only ?? names).map((name) => parts[name]);
}

await runCommand({ name: "train", about, options }, async (asked) => {
  const { world: name, recordings, out, only, arms, seed, products, publish, base, post, tables } = asked;
  const parts = publish ? [] : chosen(recordings === undefined ? PARTS : RECORDED_PARTS, only);
  const world = recordings === undefined ? await openWorld(name) : await openRecordings(join(out, recordings));
  const dir = join(out, recordings ?? world.name);
  if (publish) for (const folder of shipNetworks({ world, dir }, publish)) console.log(`${folder}: written`);
  if (parts.some((part) => part !== PARTS.data)) await openBackend({ threads: asked.threads, products });
  await withEngine(asked, async (engine) => {
    const pipeline = { world, dir, seed, arms, engine, configs: { base, post, tables } };
    for (const part of parts) await part(pipeline);
  });
  await world.close();
});
