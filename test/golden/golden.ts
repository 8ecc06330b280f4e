/** Values that the Python scripts of this folder and the tests both make: see portable_rng.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "../../lib/util/rng.ts";
import type { HostTensor } from "../../lib/util/safetensors.ts";

/** `n` numbers in [low, high) of the stream `golden, ...key`. */
export function uniforms(n: number, low: number, high: number, ...key: (string | number)[]): Float32Array {
  const rng = Rng.of("golden", ...key);
  return Float32Array.from({ length: n }, () => rng.uniform(low, high));
}

/** What make_golden.py wrote. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), "utf8")) as T;
}

/** The contents of safetensors.json. */
export const FILE_METADATA = { step: "7", note: "größe" };
export const fileTensors = (): Record<string, HostTensor> => ({
  "enc.w": { shape: [2, 3], data: uniforms(6, -1, 1, "file", "w") },
  empty: { shape: [0, 4], data: new Float32Array(0) },
  scalar: { shape: [], data: Float32Array.of(2.5) },
});
