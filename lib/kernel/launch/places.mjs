// Where the kernel's compiled code and its cache lie. In a checkout both are beside the sources, and the code is built
// when they have changed; the package brings its code in `dist` and caches where the user's programs do.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cacheFolder } from "./cache.mjs";

const kernel = dirname(dirname(fileURLToPath(import.meta.url)));
const isCheckout = existsSync(join(kernel, "front", "main.ts"));

/** The kernel and its children find these places in the environment. */
process.env.TYPEBOOK_ROOT = kernel;

export function openCache() {
  const cache = cacheFolder(isCheckout ? [join(kernel, ".cache")] : []);
  process.env.TYPEBOOK_CACHE = cache;
  return cache;
}

/** The folder of the compiled entry points. */
export async function compiledFolder() {
  if (isCheckout) return (await import("./build.mjs")).build(openCache());
  const dist = join(kernel, "dist");
  if (existsSync(dist)) return dist;
  console.error(`typebook was packed without its compiled code (${dist}): pack it with \`npm run pack\``);
  process.exit(1);
}

/** Runs an entry point, such as "front/main", in this process. */
export async function run(folder, entry) {
  await import(pathToFileURL(join(folder, `${entry.replace("/", "-")}.mjs`)).href);
}
