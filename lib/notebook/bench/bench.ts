import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "../../util/marked.ts";
import { type Contestant, contestants } from "./contestants.ts";
import { type KernelRow, provenance, type Results } from "./record.ts";

/** What measure.py times, in milliseconds; absent where a kernel was not asked or could not. */
const COLUMNS: [string, string][] = [
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

type Timing = Record<string, number>;

/** Every kernel in turn, never two at once, several times over, so that a busy minute of the machine hits all alike. */
export function runBench(places: Places, log: (line: string) => void): KernelRow[] {
  mkdirSync(places.scratch, { recursive: true });
  const rows = contestants(places.scratch).map((contestant) => ({ contestant, rounds: [] as Timing[] }));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { contestant, rounds } of rows) {
      log(`round ${round} of ${ROUNDS}: ${contestant.label}`);
      rounds.push(measure(contestant, places));
    }
  }
  return rows.map(({ contestant, rounds }) => ({ label: contestant.label, values: smallest(rounds) }));
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

/** One line per kernel, milliseconds. */
export function timesTable(results: Results): string[] {
  const header = ["ms", ...COLUMNS.map(([, title]) => title)];
  const shown = (value: number | string | undefined) =>
    typeof value === "number" ? value.toFixed(value < 100 ? 1 : 0) : "-";
  const lines = results.rows.map(({ label, values }) => [label, ...COLUMNS.map(([key]) => shown(values[key]))]);
  return [...markdownTable([header, ...lines], { numbers: true }), "", provenance(results)];
}
