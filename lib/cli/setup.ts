/** `npm run setup`: provisions what `npm ci` cannot. A missing part is announced and is not a failure. */
import { z } from "zod";
import { ensureAll } from "../runtime/setup/all.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({ quiet: z.boolean().default(false).describe("Say only what is done or missing.") });
const about = "Provisions what npm ci cannot: the native backend, Python for notebooks, ffmpeg.";

await runCommand({ name: "setup", about, options }, async ({ quiet }) => {
  const complete = await ensureAll();
  if (quiet) return;
  console.log(
    complete ? "Everything is set up." : "Set up, with the gaps named above; `npm run doctor` shows all parts.",
  );
});
