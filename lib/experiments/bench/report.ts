/** Times to ratios, and ratios to a table. */

/** One task as both programs do it. */
export interface Comparison {
  task: string;
  unit: string;
  ours: number;
  torch: number;
  /** Our speed as a multiple of PyTorch's: 1 is equal, above 1 ours is faster. */
  speed: number;
  /** Share of the measured ceiling of matrix products that each reaches, 0..1. */
  oursOfCeiling: number;
  torchOfCeiling: number;
}

export interface Timings {
  ours: readonly number[];
  torch: readonly number[];
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[Math.floor(half)];
}

/** What is compared, from seconds a task: medians of both programs. */
function compare(timings: Timings, flops: number, ceiling: number) {
  const [ours, torch] = [median(timings.ours), median(timings.torch)];
  const share = (seconds: number): number => flops / seconds / (1e9 * ceiling);
  return { seconds: { ours, torch }, speed: torch / ours, oursOfCeiling: share(ours), torchOfCeiling: share(torch) };
}

/**
 * @param timings seconds of a training step
 * @param flops of a step
 * @param ceiling GFLOP/s of a large matrix product
 */
export function trainingRow(timings: Timings, flops: number, ceiling: number): Comparison {
  const { seconds, ...rest } = compare(timings, flops, ceiling);
  return { task: "training step", unit: "ms", ours: 1000 * seconds.ours, torch: 1000 * seconds.torch, ...rest };
}

/** @param frames made in the time that `timings` give */
export function samplingRow(timings: Timings, flops: number, ceiling: number, frames: number): Comparison {
  const { seconds, ...rest } = compare(timings, flops, ceiling);
  return { task: "sampling", unit: "frames/s", ours: frames / seconds.ours, torch: frames / seconds.torch, ...rest };
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** A Markdown table; the last column of each program is its share of the ceiling. */
export function ratioTable(rows: readonly Comparison[]): string[] {
  const header = ["", "worldcompass", "PyTorch", "speed against PyTorch", "of the ceiling", "PyTorch of the ceiling"];
  const lines = rows.map(({ task, unit, ours, torch, speed, oursOfCeiling, torchOfCeiling }) => {
    const share = [percent(oursOfCeiling), percent(torchOfCeiling)];
    return [`${task}, ${unit}`, ours.toFixed(0), torch.toFixed(0), `${speed.toFixed(2)} x`, ...share];
  });
  const rule = header.map((_, i) => (i === 0 ? "---" : "---:"));
  return [header, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`);
}
