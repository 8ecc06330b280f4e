/** data/results/drift-memory.json: written by the full profile, compared with by every other run. */
import { existsSync, readFileSync } from "node:fs";
import { currentCommit } from "../util/commit.ts";
import { UserError } from "../util/errors.ts";
import { writeCompactJson } from "../util/json.ts";
import { fromRoot } from "../util/root.ts";
import { assertAgreement } from "./agreement.ts";
import type { AuditRow, DriftRow } from "./drift-memory-table.ts";
import type { FloorRow } from "./floor.ts";
import type { LongRow } from "./long.ts";
import { chanceTolerance } from "./record.ts";
import type { RememberingRow } from "./remembering.ts";
import type { WideRow } from "./wide.ts";

export interface DriftTable {
  profile: string;
  /** Commit of the code that made it; null outside of a git checkout. */
  commit: string | null;
  /** ISO date. */
  created: string;
  /** SHA-256 of every checkpoint used, by name. */
  checkpoints: Record<string, string>;
  /** The models. */
  rows: DriftRow[];
  controls: DriftRow[];
  ablations: DriftRow[];
  audit: AuditRow[];
  wide: WideRow[];
  /** The models beside the control that knows the look alone. */
  floor: FloorRow[];
  /** Far beyond the training. */
  long: LongRow[];
  /** What the memory reward has to choose between. */
  remembering: RememberingRow[];
}

/** The committed table, of the paper profile, and what the last run measured. */
export const DRIFT_TABLE = "data/results/drift-memory.json";
export const MEASURED_DRIFT = "runs/evaluation/drift-memory.json";

export function recordDrift(table: Omit<DriftTable, "commit" | "created">, path = DRIFT_TABLE): void {
  writeCompactJson(fromRoot(path), { ...table, commit: currentCommit(), created: new Date().toISOString() });
}

/** The recorded table; undefined before the first recording. @throws UserError if it is not JSON */
export function readDriftTable(path = DRIFT_TABLE): DriftTable | undefined {
  const file = fromRoot(path);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DriftTable;
  } catch (error) {
    throw new UserError(`${path} is not JSON`, "restore it from git", { cause: error });
  }
}

export interface DriftComparison {
  model: string;
  frames: number;
  /** Exact accuracy on combined commands, percent. */
  measured: number;
  recorded: number;
  /** Largest difference that chance explains, see `chanceTolerance`. */
  tolerance: number;
}

/**
 * Compares combined accuracies with the recorded ones of the same model and horizon.
 * @throws UserError naming every cell that differs by more than chance
 */
export function assertDrift(rows: readonly DriftRow[], recorded: Pick<DriftTable, "rows">): DriftComparison[] {
  const compared = rows.flatMap((measured): DriftComparison[] => {
    const { model, frames, combinedAccuracy } = measured;
    const other = recorded.rows.find((row) => row.model === model && row.frames === frames);
    if (!other) return [];
    const tolerance = chanceTolerance(measured, other);
    return [{ model, frames, measured: combinedAccuracy, recorded: other.combinedAccuracy, tolerance }];
  });
  return assertAgreement(compared, ({ model, frames }) => `${model} ${frames}`, DRIFT_TABLE);
}
