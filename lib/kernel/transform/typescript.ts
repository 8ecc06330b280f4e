import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startupSnapshot } from "node:v8";
import type TS from "typescript";

/** The kernel's own package; what it depends on is found from there. The launcher says where it is, except to tests. */
const KERNEL = process.env.TYPEBOOK_ROOT ?? dirname(import.meta.dirname);

const require = createRequire(join(KERNEL, "package.json"));
const file = require.resolve("typescript");

/** Folder of the standard library's types. */
export const LIBRARIES = dirname(file);

/** A script that becomes a snapshot cannot load others, so there the compiler's text is evaluated in this one. */
function evaluate(): typeof TS {
  const module = { exports: {} };
  new Function("module", "exports", "require", "__filename", readFileSync(file, "utf8"))(
    ...[module, module.exports, require, file],
  );
  return module.exports as typeof TS;
}

/** The TypeScript compiler. `require` because importing it would first scan nine megabytes for export names. */
export const ts: typeof TS = startupSnapshot.isBuildingSnapshot() ? evaluate() : require("typescript");
