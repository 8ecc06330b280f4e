/** `npm run train -- --world courtyard`: from no data to a trained model of a world; goes on where it was stopped. `--only tokeniser` does one part. */
import { join } from "node:path";
import { z } from "zod";
import { PARTS } from "../experiments/pipeline/pipeline.ts";
import { openBackend, PRODUCTS } from "../runtime/backend/backend.ts";
import { count, text, threads, whole } from "../util/schema.ts";
import { openWorld, WORLD_NAMES } from "../world/registry.ts";
import { runCommand } from "./command.ts";

const NAMES = Object.keys(PARTS);
const options = z.strictObject({
  world: z.enum(WORLD_NAMES).default("courtyard"),
  out: text().default("runs").describe("Folder of the runs."),
  only: z.array(z.enum(NAMES)).min(1).default(NAMES).describe("Parts to do, in this order."),
  seed: whole().default(0),
  workers: count().max(256).default(1).describe("Processes that render data."),
  products: z.enum(PRODUCTS).default("bfloat16").describe("How matrix products are computed where the processor can."),
  threads: threads(),
});
const about = "Makes a trained model of a world from no data, part by part; goes on where it was stopped.";

await runCommand({ name: "train", about, options }, async (asked) => {
  const { world: name, out, only, seed, workers, products, threads: most } = asked;
  const world = await openWorld(name);
  if (only.some((part) => part !== "data")) await openBackend({ threads: most, products });
  for (const part of only) await PARTS[part]({ world, dir: join(out, world.name), seed, workers });
  await world.close();
});
