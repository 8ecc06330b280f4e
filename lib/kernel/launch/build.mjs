// Compiles the kernel's TypeScript with esbuild into .cache/kernel/build-<hash>, once per state of its sources.
// Loading a few compiled files instead of eighty sources, and a snapshot of the type checker, makes the kernel start
// fast.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const kernel = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(kernel));

/** The entry points: one per process or thread. */
const ENTRIES = [
  "front/main",
  "language/main",
  "executor/main",
  "executor/control",
  "loader/hooks",
  "transform/module",
];

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function fingerprint() {
  const hash = createHash("sha256").update(`${process.version} ${process.arch} ${root}`);
  const installed = join(root, "node_modules", ".package-lock.json");
  for (const path of [...sources(kernel).sort(), installed].filter(existsSync)) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}:${mtimeMs}:${size}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** The project's cache, or a temporary folder where the project may not be written to. */
function cacheFolder() {
  const wanted = join(process.env.WORLDCOMPASS_CACHE || join(root, ".cache"), "kernel");
  try {
    return usable(wanted);
  } catch {
    return usable(join(tmpdir(), `worldcompass-kernel-${process.getuid?.() ?? "user"}`));
  }
}

/** Makes the folder, and the project's packages visible from it where they are not. */
function usable(folder) {
  mkdirSync(folder, { recursive: true });
  const packages = join(folder, "node_modules");
  if (!resolve(folder).startsWith(root + sep) && !existsSync(packages)) {
    symlinkSync(join(root, "node_modules"), packages, "junction");
  }
  accessSync(folder, constants.W_OK);
  return folder;
}

const COMMON = { bundle: true, platform: "node", target: "node20", logLevel: "error" };

async function compile(target) {
  const esbuild = await import("esbuild");
  const staging = mkdtempSync(`${target}-`);
  await esbuild.build({
    ...COMMON,
    entryPoints: ENTRIES.map((entry) => ({ in: join(kernel, `${entry}.ts`), out: entry.replace("/", "-") })),
    outdir: staging,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    packages: "external",
    sourcemap: "linked",
    define: { KERNEL_ROOT: JSON.stringify(root) },
  });
  await freezeLanguage(esbuild, staging);
  await esbuild.stop();
  publish(staging, target);
}

/** A snapshot is made of one CommonJS script, TypeScript included. */
async function freezeLanguage(esbuild, folder) {
  const script = join(folder, "language-frozen.cjs");
  const inlineTypeScript = {
    name: "inline-typescript",
    setup: ({ onLoad }) =>
      onLoad({ filter: /transform[\\/]typescript\.ts$/ }, () => ({
        contents: 'export const ts = require("typescript");',
        resolveDir: root,
      })),
  };
  const entryPoints = [join(kernel, "language", "main.ts")];
  await esbuild.build({ ...COMMON, entryPoints, outfile: script, format: "cjs", plugins: [inlineTypeScript] });
  const blob = join(folder, "language.blob");
  const env = { ...process.env, NODE_OPTIONS: "", WORLDCOMPASS_KERNEL_ROOT: root };
  // Without a snapshot the kernel starts a second later; no reason not to start it.
  spawnSync(process.execPath, ["--snapshot-blob", blob, "--build-snapshot", script], { env, stdio: "ignore" });
  rmSync(script);
}

/** Two kernels may build at once; whoever comes second throws its copy away. */
function publish(staging, target) {
  try {
    renameSync(staging, target);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

const DAY = 24 * 3600 * 1000;

/** Older builds may still serve running kernels, so only those that no kernel has started from for a day go. */
function removeOld(cache, current) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (name.startsWith("build-") && name !== basename(current) && Date.now() - statSync(path).mtimeMs > DAY)
      rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Compiles the kernel if its sources changed since the last time.
 * @returns {Promise<{folder: string, file: (entry: string) => string}>} where the compiled entry points lie
 */
export async function build() {
  const cache = cacheFolder();
  const folder = join(cache, `build-${fingerprint()}`);
  if (!existsSync(folder)) {
    await compile(folder);
    removeOld(cache, folder);
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return { folder, file: (entry) => join(folder, `${entry.replace("/", "-")}.mjs`) };
}
