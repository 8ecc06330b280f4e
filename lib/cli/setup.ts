/** `npm run setup`: provisions what `npm ci` cannot. A missing part is announced and is not a failure, other than of the world asked for. */
import { z } from "zod";
import { formatCheck } from "../runtime/doctor/check.ts";
import { runChecks } from "../runtime/doctor/checks.ts";
import { ensureAll } from "../runtime/setup/all.ts";
import { ensureExtra, RAY } from "../runtime/setup/extras.ts";
import { setUpWorld, WORLD_NAMES } from "../world/registry.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  quiet: z.boolean().default(false).describe("Say only what is done or missing."),
  engine: z.enum(["local", "ray"]).default("local").describe("Provision what this engine needs, too."),
  world: z.enum(WORLD_NAMES).default("courtyard").describe("Provision what this world needs, too."),
});
const about =
  "Provisions what npm ci cannot: the native backend, Python for notebooks, ffmpeg; ViZDoom for --world doom, Ray for --engine ray.";

await runCommand({ name: "setup", about, options }, async ({ quiet, world, engine }) => {
  const complete = await ensureAll();
  await setUpWorld(world);
  if (engine === "ray") await ensureExtra(RAY);
  if (quiet) return;
  let works = complete;
  for await (const check of runChecks()) {
    if (!check.ok) console.log(formatCheck(check));
    works &&= check.ok;
  }
  console.log(works ? "Everything is set up, and each part was tried." : "Set up, with the gaps named above.");
});
