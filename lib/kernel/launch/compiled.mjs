// Where the kernel's compiled entry points lie: in `dist`, as the package ships them, or built from a checkout's sources.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cacheFolder } from "./cache.mjs";
import { ensureSnapshot } from "./snapshot.mjs";

const kernel = dirname(dirname(fileURLToPath(import.meta.url)));

async function compiledFolder(cache) {
  if (isCheckout) return (await import("./build.mjs")).build(cache);
  const dist = join(kernel, "dist");
  if (existsSync(dist)) return dist;
  console.error(`typebook was packed without its compiled code (${dist}); pack it with \`npm run pack\``);
  process.exit(1);
}

const isCheckout = existsSync(join(kernel, "front", "main.ts"));

/** Runs an entry point, such as "front/main", in this process. It and its children find their places in the environment. */
export async function run(entry) {
  const cache = cacheFolder(isCheckout ? [join(kernel, ".cache")] : []);
  Object.assign(process.env, { TYPEBOOK_CACHE: cache, TYPEBOOK_ROOT: kernel });
  const folder = await compiledFolder(cache);
  process.env.TYPEBOOK_SNAPSHOT = ensureSnapshot(folder, cache) ?? "";
  await import(pathToFileURL(join(folder, `${entry.replace("/", "-")}.mjs`)).href);
}
