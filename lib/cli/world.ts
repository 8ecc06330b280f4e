/** `npm run world -- --world doom --sheet doom.png`: what a world is, how fast it draws, and pictures of it. */
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { contactSheet } from "../display/media/contact-sheet.ts";
import { measureSpeeds } from "../experiments/bench/world-speed.ts";
import { Rng } from "../util/rng.ts";
import { count, text, whole } from "../util/schema.ts";
import { ROTATIONS, rotationOf, TRANSLATIONS, translationOf } from "../world/actions.ts";
import { trajectoryOf } from "../world/motion.ts";
import { openWorld, WORLD_NAMES } from "../world/registry.ts";
import type { World } from "../world/world.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  world: z.enum(WORLD_NAMES).default("courtyard"),
  processes: count().max(16).default(1).describe("The world opened so many times, drawing at once."),
  requests: whole()
    .max(100_000)
    .default(4)
    .describe("Trajectories of 157 pictures that are drawn and timed; 0 for none."),
  sheet: text().optional().describe("PNG file of pictures: a row a command, carried out from a place of its own."),
  seed: whole().default(0).describe("Of the sheet's places."),
});
const about = "Shows what a world is, how fast it draws, and pictures of it.";

/** Commands of the sheet's rows. */
const SHOWN = [9, 27, 2, 3, 4, 9 + 2, 27 + 1, 45 + 6];
const FRAMES = [0, 4, 8, 12, 16, 20];
const FPS = 16;

const nameOf = (action: number): string =>
  [TRANSLATIONS[translationOf(action)], ROTATIONS[rotationOf(action)]].filter((part) => part !== "none").join(" + ");

async function sheetOf(world: World, seed: number): Promise<Uint8Array> {
  const { width, height } = world.camera;
  const rows = SHOWN.map(async (action, i) => {
    const level = world.level(seed + i);
    const rng = Rng.of(seed, "sheet", i);
    const actions = [0, action, action, action, action, action];
    for (;;) {
      const poses = trajectoryOf({ ...level.spawn(rng), pitch: 0 }, actions, world.step);
      if (poses.every((pose) => Math.abs(pose.pitch) > world.pitchLimit || level.isFree(pose)))
        return { frames: await level.render(poses), width, height, fps: FPS };
    }
  });
  const title = `${world.name}: commands carried out`;
  return contactSheet(await Promise.all(rows), { labels: SHOWN.map(nameOf), frames: FRAMES, scale: 3, title });
}

await runCommand({ name: "world", about, options }, async ({ world: name, processes, requests, sheet, seed }) => {
  const worlds = await Promise.all(Array.from({ length: processes }, () => openWorld(name)));
  const { camera, step, pitchLimit } = worlds[0];
  console.log(JSON.stringify({ name, camera, step, pitchLimit }));
  if (requests > 0) {
    const speeds = await measureSpeeds(worlds, requests);
    for (const [manner, speed] of Object.entries(speeds)) console.log(`${manner}: ${Math.round(speed)} a second`);
  }
  if (sheet) writeFileSync(sheet, await sheetOf(worlds[0], seed));
  await Promise.all(worlds.map((world) => world.close()));
});
