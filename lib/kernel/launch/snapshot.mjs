// A V8 startup snapshot of the language process, with TypeScript and the standard types already read: a kernel starts a
// second earlier from it. It holds code, and holds for one build of Node only, so it is made on the user's machine.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { lasts } from "./cache.mjs";

const DAY = 24 * 3600 * 1000;
const KEPT = 4;
const { version: TYPESCRIPT } = createRequire(import.meta.url)("typescript/package.json");

/** Names begin alike for one state of the code, and end alike for one folder of notebooks. */
function namesOf(folder, home) {
  const script = readFileSync(join(folder, "language-frozen.cjs"));
  const made = `${process.execPath} ${process.version} ${process.arch} ${TYPESCRIPT} ${process.env.TYPEBOOK_ROOT}`;
  const code = createHash("sha256").update(made).update(script).digest("hex").slice(0, 16);
  return { code: `language-${code}-`, exact: `language-${code}-${digest(home)}.blob` };
}

const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** The snapshots for one state of the code, the newest first. */
function snapshotsOf(code, cache) {
  const names = readdirSync(cache).filter((name) => name.startsWith(code) && name.endsWith(".blob"));
  return names.map((name) => join(cache, name)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
}

/**
 * The snapshot that a kernel in this folder starts from: its own, or one of another folder, which saves less, or one
 * that is made now. Undefined where it could not be made or would not be kept: the kernel then starts a second later,
 * no reason not to start it.
 */
export function findSnapshot(folder, cache) {
  if (!lasts(cache)) return undefined;
  const { code, exact } = namesOf(folder, process.cwd());
  const blob = join(cache, exact);
  return existsSync(blob) ? touched(blob) : (snapshotsOf(code, cache)[0] ?? make(folder, blob));
}

/** The snapshot for this folder's kernels, made if it is missing or older than what it was made from. */
export function ensureSnapshot(folder, cache) {
  if (!lasts(cache)) return undefined;
  const blob = join(cache, namesOf(folder, process.cwd()).exact);
  return existsSync(blob) && isNewest(blob) ? touched(blob) : make(folder, blob);
}

function isNewest(blob) {
  const settings = ["package.json", "tsconfig.json"].flatMap((name) => nearest(name, process.cwd()) ?? []);
  return settings.every((file) => statSync(file).mtimeMs <= statSync(blob).birthtimeMs);
}

function nearest(name, folder) {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  return folder === dirname(folder) ? undefined : nearest(name, dirname(folder));
}

function touched(blob) {
  const now = new Date();
  utimesSync(blob, now, now);
  return blob;
}

function make(folder, blob) {
  const staging = `${blob}.${process.pid}`;
  const script = join(folder, "language-frozen.cjs");
  const env = { ...process.env, NODE_OPTIONS: "" };
  const { status } = spawnSync(process.execPath, ["--snapshot-blob", staging, "--build-snapshot", script], {
    ...{ env, stdio: "ignore" },
  });
  if (status !== 0) return rmSync(staging, { force: true });
  renameSync(staging, blob);
  removeOld(dirname(blob), blob);
  return blob;
}

/** Another Node, another version of the kernel or another folder may still start from older ones, but not from many. */
function removeOld(cache, current) {
  const others = readdirSync(cache).filter((name) => /^language-.*[.]blob/.test(name) && name !== basename(current));
  const paths = others.map((name) => join(cache, name)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const [i, path] of paths.entries()) {
    if (i >= KEPT || Date.now() - statSync(path).mtimeMs > DAY) rmSync(path, { force: true });
  }
}
