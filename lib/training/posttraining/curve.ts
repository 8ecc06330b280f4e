/** The learning curve of a run: its probes against what they cost. */
import { readMetrics } from "../run.ts";

/** Columns of equal length, one entry a probe; the first is the base model's. */
export interface Curve {
  iteration: number[];
  /** Clips generated for training so far. */
  clipGenerations: number[];
  /** Seconds of training so far, probes and saving not counted. */
  seconds: number[];
  /** Mean score on the fixed prompts, by reward. */
  probes: Record<string, number[]>;
}

const PROBE = "probe/";

/** Four significant digits: more would be noise, and long files. */
export const short = (value: number): number => Number(value.toPrecision(4));

/** @param dir folder of the run */
export function learningCurve(dir: string): Curve {
  const curve: Curve = { iteration: [], clipGenerations: [], seconds: [], probes: {} };
  let [clips, seconds] = [0, 0];
  for (const record of readMetrics(dir)) {
    clips += record["charts/clipGenerations"] ?? 0;
    seconds += record["charts/seconds"] ?? 0;
    const probes = Object.entries(record).filter(([name]) => name.startsWith(PROBE));
    if (probes.length === 0) continue;
    curve.iteration.push(record.step);
    curve.clipGenerations.push(clips);
    curve.seconds.push(Math.round(seconds));
    for (const [name, value] of probes) {
      curve.probes[name.slice(PROBE.length)] ??= [];
      curve.probes[name.slice(PROBE.length)].push(short(value));
    }
  }
  return curve;
}
