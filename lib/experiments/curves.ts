/** Learning curves of runs: those that are shipped in data/results/curves beside new ones, a panel a metric. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Figure } from "../display/plot/chart.ts";
import { lineChart } from "../display/plot/charts/line-chart.ts";
import { panels } from "../display/plot/charts/panels.ts";
import { paletteColor } from "../display/plot/theme.ts";
import { readJsonLines } from "../training/run/log.ts";
import { METRICS, readMetrics, type StepMetrics } from "../training/run.ts";
import { UserError } from "../util/errors.ts";
import { writeAtomic } from "../util/files.ts";
import { fromRoot } from "../util/root.ts";

export const SHIPPED = "data/results/curves";

export interface Curve {
  readonly name: string;
  readonly records: readonly StepMetrics[];
}

/** Folders of runs: a run's own, or those below a folder of runs. @throws UserError where there is none */
export function runsIn(dirs: readonly string[]): string[] {
  const isRun = (dir: string): boolean => existsSync(join(dir, METRICS));
  return dirs.flatMap((dir) => {
    if (isRun(dir)) return [dir];
    const below = existsSync(dir) && statSync(dir).isDirectory() ? readdirSync(dir).map((name) => join(dir, name)) : [];
    const runs = below.filter(isRun).sort();
    if (runs.length > 0) return runs;
    throw new UserError(`${dir} is no run, and holds none`, `give a folder with ${METRICS}, or one of such folders`);
  });
}

export const curveOf = (dir: string): Curve => ({ name: basename(dir), records: readMetrics(dir) });

/** The curves that the project ships. @throws UserError at a damaged record */
export function shippedCurves(): Curve[] {
  const dir = fromRoot(SHIPPED);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((file) => file.endsWith(".jsonl"))
    .sort()
    .map((file) => ({
      name: `${basename(file, ".jsonl")} (shipped)`,
      records: readJsonLines(join(dir, file)) as StepMetrics[],
    }));
}

/** Records that are shipped of one run, at most; the first and the last are among them. */
const MOST_RECORDS = 400;

/** Keeps a run's curve for the project to ship. @returns the file */
export function shipCurve({ name, records }: Curve): string {
  const every = Math.ceil(records.length / MOST_RECORDS);
  const kept = records.filter((_, i) => i % every === 0 || i === records.length - 1);
  const file = join(SHIPPED, `${name}.jsonl`);
  writeAtomic(fromRoot(file), kept.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return file;
}

/** Metrics that any curve has, by how many have them, then by name. */
export function metricsOf(curves: readonly Curve[], like?: string): string[] {
  const counts = new Map<string, number>();
  for (const { records } of curves)
    for (const name of new Set(records.flatMap(Object.keys)))
      if (name !== "step") counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a.localeCompare(b));
  const chosen = like === undefined ? names : names.filter((name) => name.includes(like));
  if (chosen.length > 0) return chosen;
  throw new UserError(
    `no run has a metric${like === undefined ? "" : ` like "${like}"`}`,
    names.length > 0 ? `choose among ${names.join(", ")}` : "give runs that have been trained: --runs FOLDER",
  );
}

/** A panel for each metric, a line for each run that has it. */
export function curvesFigure(curves: readonly Curve[], metrics: readonly string[]): Figure {
  const charts = metrics.map((metric) => {
    const series = curves.flatMap(({ name, records }, order) => {
      const own = records.filter((record) => Number.isFinite(record[metric]));
      return own.length === 0
        ? []
        : [
            {
              name,
              color: paletteColor(order),
              x: own.map(({ step }) => step),
              y: own.map((record) => record[metric]),
            },
          ];
    });
    return lineChart({ title: metric, x: { title: "step" }, series });
  });
  return panels(charts, { columns: 2 });
}
