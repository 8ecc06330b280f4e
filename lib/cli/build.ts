/** `npm run build`: the package that others install, in .cache/package; `npm run pack` makes its tarball. */
import { join } from "node:path";
import { z } from "zod";
import { buildPackage } from "../experiments/package.ts";
import { CACHE } from "../runtime/setup/paths.ts";
import { runCommand } from "./command.ts";

const about = "Builds the package that others install: JavaScript and types of the public names.";

await runCommand({ name: "build", about, options: z.strictObject({}) }, () => {
  const dir = join(CACHE, "package");
  buildPackage(dir);
  console.log(`${dir}: written`);
});
