import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Contestant, contestants } from "./contestants.ts";

/** Milliseconds; absent where a kernel was not asked or could not. */
export interface Timing {
  start_ms?: number;
  trivial_ms?: number;
  tfjs_import_ms?: number;
  trivial_after_tfjs_ms?: number;
  notebook50_ms?: number;
}

const COLUMNS: [keyof Timing, string][] = [
  ["start_ms", "start to first result"],
  ["trivial_ms", "trivial cell, median"],
  ["tfjs_import_ms", "import TensorFlow.js"],
  ["trivial_after_tfjs_ms", "trivial cell after it"],
  ["notebook50_ms", "50-cell notebook"],
];

interface Places {
  python: string;
  /** Folder from which the kernels start; TensorFlow.js must be found from it. */
  notebooks: string;
  scratch: string;
}

const ROUNDS = 3;

/** Every kernel in turn, never two at once, several times over, so that a busy minute of the machine hits all alike. */
export function runBench(places: Places, log: (line: string) => void): void {
  mkdirSync(places.scratch, { recursive: true });
  const rows = contestants(places.scratch).map((contestant) => ({ contestant, rounds: [] as Timing[] }));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { contestant, rounds } of rows) {
      log(`round ${round} of ${ROUNDS}: ${contestant.label}`);
      rounds.push(measure(contestant, places));
    }
  }
  const timings = rows.map(({ contestant, rounds }) => ({ contestant, timing: smallest(rounds) }));
  for (const line of table(timings)) log(line);
}

/** Other programs on the machine can only add time. */
function smallest(rounds: Timing[]): Timing {
  const entries = COLUMNS.map(([key]) => [key, rounds.flatMap((round) => round[key] ?? [])] as const);
  return Object.fromEntries(entries.flatMap(([key, times]) => (times.length > 0 ? [[key, Math.min(...times)]] : [])));
}

function measure({ kernel, tfjsImport, env }: Contestant, { python, notebooks }: Places): Timing {
  const script = join(import.meta.dirname, "measure.py");
  const options = { encoding: "utf8", env: { ...process.env, ...env }, timeout: 300_000 } as const;
  return JSON.parse(execFileSync(python, [script, kernel, notebooks, tfjsImport], options)) as Timing;
}

function table(rows: { contestant: Contestant; timing: Timing }[]): string[] {
  const header = ["ms", ...COLUMNS.map(([, title]) => title)];
  const lines = rows.map(({ contestant, timing }) => [
    contestant.label,
    ...COLUMNS.map(([key]) => timing[key]?.toFixed(timing[key] < 100 ? 1 : 0) ?? "-"),
  ]);
  const separator = header.map((_, i) => (i === 0 ? "---" : "---:"));
  return [header, separator, ...lines].map((cells) => `| ${cells.join(" | ")} |`);
}
