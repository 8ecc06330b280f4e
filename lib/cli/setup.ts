/** `npm run setup`: provisions what `npm ci` cannot. A missing part is announced and is not a failure. */
import { ensureAll } from "../runtime/setup/all.ts";

const complete = await ensureAll();
if (!process.argv.includes("--quiet")) {
  console.log(
    complete ? "Everything is set up." : "Set up, with the gaps named above; `npm run doctor` shows all parts.",
  );
}
