/** `npm run data -- --split pretrain --trajectories 1200 --latents 40`: makes a data set under --out. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generateDataset } from "../dataset/index.ts";
import { UserError } from "../util/errors.ts";
import { isSplit, SPLITS } from "../world/index.ts";

const USAGE = `npm run data -- [options]
  --split NAME         one of ${SPLITS.join(", ")} (pretrain)
  --trajectories N     how many (1200)
  --latents N          latents of each; frames = 4 N - 3 (40)
  --seed N             (0)
  --out DIR            the data set goes to DIR/NAME (data/shards)
  --workers N          rendering processes (1)`;

function options() {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  try {
    return parseArgs({
      options: {
        split: text("pretrain"),
        trajectories: text("1200"),
        latents: text("40"),
        seed: text("0"),
        out: text("data/shards"),
        workers: text("1"),
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError((error as Error).message, `Use these:\n${USAGE}`, { cause: error });
  }
}

async function main(): Promise<void> {
  const { split, out, help, ...numbers } = options();
  if (help) return console.log(USAGE);
  if (!isSplit(split)) throw new UserError(`There is no split "${split}".`, `Use one of ${SPLITS.join(", ")}.`);
  const [trajectories, latents, seed, workers] = [
    numbers.trajectories,
    numbers.latents,
    numbers.seed,
    numbers.workers,
  ].map(Number);
  const dir = join(out, split);
  const manifest = await generateDataset({ dir, split, trajectories, latents, seed, workers });
  console.log(`${dir}: ${manifest.shards.length} shards, ${trajectories} trajectories`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
