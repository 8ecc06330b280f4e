// A V8 startup snapshot of the language process, with TypeScript and the standard types already read: a kernel starts a
// second earlier from it. It holds code, and holds for one build of Node only, so it is made on the user's machine.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { lasts } from "./cache.mjs";

const DAY = 24 * 3600 * 1000;
const { version: TYPESCRIPT } = createRequire(import.meta.url)("typescript/package.json");

function blobOf(folder, cache) {
  const script = readFileSync(join(folder, "language-frozen.cjs"));
  const made = `${process.execPath} ${process.version} ${process.arch} ${TYPESCRIPT} ${process.env.TYPEBOOK_ROOT}`;
  return join(cache, `language-${createHash("sha256").update(made).update(script).digest("hex").slice(0, 16)}.blob`);
}

/**
 * The snapshot for the compiled code in `folder`, made if it is missing. Undefined where it could not be made or would
 * not be kept: the kernel then starts a second later, no reason not to start it.
 */
export function ensureSnapshot(folder, cache) {
  if (!lasts(cache)) return undefined;
  const blob = blobOf(folder, cache);
  if (!existsSync(blob)) {
    const staging = `${blob}.${process.pid}`;
    const script = join(folder, "language-frozen.cjs");
    const env = { ...process.env, NODE_OPTIONS: "" };
    const { status } = spawnSync(process.execPath, ["--snapshot-blob", staging, "--build-snapshot", script], {
      ...{ env, stdio: "ignore" },
    });
    if (status !== 0) return rmSync(staging, { force: true });
    renameSync(staging, blob);
    removeOld(cache, blob);
  }
  const now = new Date();
  utimesSync(blob, now, now);
  return blob;
}

/** Another Node or another version of the kernel may still start from an older one. */
function removeOld(cache, current) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (/^language-.*\.blob/.test(name) && name !== basename(current) && Date.now() - statSync(path).mtimeMs > DAY)
      rmSync(path, { force: true });
  }
}
