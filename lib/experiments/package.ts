/** The package that others install: JavaScript and types of the public door and what it needs, and nothing else. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { writeJson } from "../util/files.ts";
import { ownFile, ROOT } from "../util/root.ts";

/** Where compilation sets out. */
const DOOR = "lib/index.ts";
/** Folders with files that are no TypeScript but are needed: servers in Python, the native library's build. */
const WITH_ASSETS = ["lib/world", "lib/runtime"];
const BESIDE = ["README.md", "LICENSE"];
/** Loads TypeScript, of which an installed package has none. */
const SOURCE_ONLY = ["tsx"];

interface PackageJson {
  readonly dependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
  readonly [key: string]: unknown;
}

/** Every file below a folder, from there. */
const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));

/** @throws Error with the compiler's words where it finds a fault */
function compile(dir: string): void {
  const config = join(dir, "..", "package.tsconfig.json");
  writeJson(config, {
    extends: ownFile("tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      rewriteRelativeImportExtensions: true,
      declaration: true,
      rootDir: ROOT,
      outDir: dir,
      types: ["node"],
      typeRoots: [ownFile("node_modules/@types")],
    },
    files: [ownFile(DOOR)],
    include: [],
  });
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", config], { stdio: ["ignore", "inherit", "inherit"] });
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** Those packages whose names the built files hold. */
function usedBy(built: readonly string[], packages: Record<string, string>): Record<string, string> {
  const named = (name: string): boolean => {
    const quoted = new RegExp(`["'\`]${name.replace(/[/.]/g, "[$&]")}["'\`/]`);
    return !SOURCE_ONLY.includes(name) && built.some((text) => quoted.test(text));
  };
  return Object.fromEntries(Object.entries(packages).filter(([name]) => named(name)));
}

/** Builds the package in a folder, which is replaced. */
export function buildPackage(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  compile(dir);
  for (const folder of WITH_ASSETS)
    for (const file of filesBelow(ownFile(folder)).filter((name) => !/[.]ts$|__pycache__/.test(name)))
      copy(join(ownFile(folder), file), join(dir, folder, file));
  for (const name of BESIDE) copy(ownFile(name), join(dir, name));
  const built = filesBelow(dir)
    .filter((name) => /[.](?:js|d[.]ts)$/.test(name))
    .map((name) => readFileSync(join(dir, name), "utf8"));
  const own = JSON.parse(readFileSync(ownFile("package.json"), "utf8")) as PackageJson;
  const { name, version, description, license, type, engines } = own;
  writeJson(join(dir, "package.json"), {
    ...{ name, version, description, license, type, engines },
    exports: { ".": { types: "./lib/index.d.ts", default: "./lib/index.js" }, "./package.json": "./package.json" },
    files: ["lib"],
    dependencies: usedBy(built, own.dependencies),
    optionalDependencies: usedBy(built, own.optionalDependencies),
  });
}
