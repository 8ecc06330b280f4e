// Compiles a checkout's TypeScript with esbuild, once per state of its sources. Loading a few compiled files instead of
// eighty sources makes the kernel start fast.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const kernel = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = dirname(dirname(createRequire(import.meta.url).resolve("zeromq/package.json")));

/** The entry points: one per process or thread, and the command line. */
const ENTRIES = [
  "front/main",
  "language/main",
  "executor/main",
  "executor/control",
  "loader/compile",
  "install/main",
  "debugger/relay",
  "debugger/adapter",
];

const SOURCES = /\.(ts|mjs)$/;

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return SOURCES.test(entry.name) ? [path] : [];
    return ["node_modules", "test", "dist", ".cache"].includes(entry.name) ? [] : sources(path);
  });
}

function fingerprint() {
  const hash = createHash("sha256").update(`${process.version} ${process.arch} ${kernel}`);
  for (const path of [...sources(kernel).sort(), join(installed, ".package-lock.json")].filter(existsSync)) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}:${mtimeMs}:${size}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Cells may put others in the place of Node's functions, as mocks of the file system and of timers do, and so for
 * everybody who imports them. The kernel's own code goes on with those which it found when it started.
 */
const CAPTURED_MODULES = {
  name: "captured-modules",
  setup({ onResolve, onLoad }) {
    const namespace = "captured";
    onResolve({ filter: /^node:/ }, (wanted) =>
      wanted.namespace === namespace ? { path: wanted.path, external: true } : { path: wanted.path, namespace },
    );
    onLoad({ filter: /./, namespace }, async ({ path }) => ({ contents: capturedText(path, await import(path)) }));
  },
};

/** Names that nobody imports are left out of the bundle, and what they stand for is not looked at. */
function capturedText(path, module) {
  const names = Object.keys(module).filter((name) => name !== "default");
  const taken = names.map((name, i) => `const c${i} = /* @__PURE__ */ (() => module[${JSON.stringify(name)}])();`);
  const exported = names.map((name, i) => `c${i} as ${name}`).join(", ");
  return `import module from "${path}";\n${taken.join("\n")}\nexport { module as default, ${exported} };`;
}

/** Compiles all entry points into a folder. */
export async function compile(outdir) {
  const esbuild = await import("esbuild");
  const common = { bundle: true, platform: "node", target: "node20", logLevel: "error", sourcemap: "linked", outdir };
  const named = (entry) => ({ in: join(kernel, `${entry}.ts`), out: entry.replace("/", "-") });
  await esbuild.build({
    ...{ ...common, entryPoints: ENTRIES.map(named), format: "esm", packages: "external" },
    inject: [join(kernel, "executor", "captured.ts")],
    plugins: [CAPTURED_MODULES],
    outExtension: { ".js": ".mjs" },
  });
  // A snapshot is made of one CommonJS script; see transform/typescript.ts for how it gets at TypeScript.
  const entryPoints = [{ ...named("language/main"), out: "language-frozen" }];
  await esbuild.build({ ...common, entryPoints, format: "cjs", outExtension: { ".js": ".cjs" }, logOverride: QUIET });
  writeFileSync(join(outdir, "globals.d.ts"), await globalTypes(esbuild));
  await esbuild.stop();
}

/** Types of what cells find on globalThis, for editors and for libraries that are made for notebooks. */
async function globalTypes(esbuild) {
  const options = { entryPoints: [join(kernel, "language", "globals.ts")], format: "esm", bundle: true, write: false };
  const { outputFiles } = await esbuild.build({ ...options, platform: "node" });
  const { GLOBALS_TEXT } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return GLOBALS_TEXT.trimStart();
}

/** The frozen script is told its places by the environment, not by `import.meta`. */
const QUIET = { "empty-import-meta": "silent" };

/** Outside the checkout, compiled code would not find the packages that it imports. */
function linkPackages(cache) {
  const link = join(cache, "node_modules");
  if (relative(dirname(installed), cache).startsWith("..") && !existsSync(link)) {
    symlinkSync(installed, link, "junction");
  }
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

/** What `npm pack` takes is always what was last compiled. */
function refreshDist(folder) {
  const dist = join(kernel, "dist");
  const staging = mkdtempSync(`${dist}-`);
  cpSync(folder, staging, { recursive: true });
  rmSync(dist, { recursive: true, force: true });
  publish(staging, dist);
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

/** Compiles the kernel if its sources changed since the last time. Returns the folder of the entry points. */
export async function build(cache) {
  const folder = join(cache, `build-${fingerprint()}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    linkPackages(cache);
    const staging = mkdtempSync(`${folder}-`);
    await compile(staging);
    publish(staging, folder);
    if (dirname(cache) === kernel) refreshDist(folder);
    removeOld(cache, folder);
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}
