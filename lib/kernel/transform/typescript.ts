import { createRequire } from "node:module";
import type TS from "typescript";

/** The TypeScript compiler. `require` because importing it would first scan nine megabytes for export names. */
export const ts: typeof TS = createRequire(import.meta.url)("typescript");
