import { join, resolve } from "node:path";

const CACHE = process.env.WORLDCOMPASS_CACHE || resolve(import.meta.dirname, "../../../.cache");
const BIN = process.platform === "win32" ? "Scripts" : "bin";

/** A Python that has Jupyter: TYPEBOOK_PYTHON, or the one that the repository around this package sets up. */
export const PYTHON = process.env.TYPEBOOK_PYTHON || join(CACHE, "python", BIN, "python");
