/** `npm run data -- --import DIR --mapping FILE`: somebody's recordings as data sets of ours; `-- --export DIR --data DIR`: one of ours for others. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { count, text } from "../util/schema.ts";
import { importLerobot } from "../world/dataset/lerobot/import.ts";
import { MAPPING_FILE, readMapping } from "../world/dataset/lerobot/mapping.ts";
import { exportLerobot } from "../world/dataset/lerobot/write.ts";
import { openDataset } from "../world/dataset/read.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  import: text().optional().describe("Folder of a LeRobotDataset v3.0 to make data sets of."),
  mapping: text()
    .optional()
    .describe("Of --import: how its actions move the camera (docs/data.md); sets of ours bring it."),
  latents: count().min(2).default(40).describe("Of --import: length of a trajectory, 4 frames each after the first."),
  out: text().default("runs").describe("Of --import: folder of the runs; data go to OUT/WORLD/data."),
  export: text().optional().describe("New folder for a LeRobotDataset v3.0 of the data set --data."),
  data: text().default("runs/courtyard/data/pretrain").describe("Of --export: folder of the data set."),
  images: z.boolean().default(false).describe("Of --export: exact PNG pictures in the tables instead of H.264."),
});
const about =
  "Brings recordings in and out as LeRobotDataset v3.0. Our worlds' own data are made by `npm run train -- --only data`.";

type Asked = z.output<typeof options>;

async function bringIn(dir: string, { mapping: file, latents, out }: Asked): Promise<void> {
  const own = join(dir, MAPPING_FILE);
  if (file === undefined && !existsSync(own))
    throw new UserError("--import without --mapping", "write how its actions move the camera: see docs/data.md");
  const mapping = readMapping(file ?? own);
  const notes = await importLerobot({ dir, mapping, latents, out: join(out, mapping.world, "data") });
  for (const note of notes) console.log(note);
  console.log(
    `${join(out, mapping.world, "data")}: written; train with npm run train -- --recordings ${mapping.world}`,
  );
}

await runCommand({ name: "data", about, options }, async (asked) => {
  if ((asked.import === undefined) === (asked.export === undefined))
    throw new UserError("neither --import nor --export, or both", "give one of them; --help shows the options");
  if (asked.import !== undefined) return bringIn(asked.import, asked);
  const info = await exportLerobot(await openDataset(asked.data), {
    dir: asked.export as string,
    images: asked.images,
  });
  console.log(`${asked.export}: ${info.total_episodes} episodes, ${info.total_frames} frames`);
});
