/** The paper's main table (arXiv 2602.09022): exact 81-way accuracy in percent / HPSv3 score. */
export interface PaperRow {
  base: "8B" | "5B";
  frames: number;
  actions: "basic" | "combined";
  /** Before and after post-training. */
  accuracy: readonly [number, number];
  visual: readonly [number, number];
}

type Cells = readonly [combined: readonly number[], basic: readonly number[]];

const row = (base: PaperRow["base"], frames: number, [combined, basic]: Cells): PaperRow[] =>
  (["combined", "basic"] as const).map((actions, i) => {
    const [a0, v0, a1, v1] = [combined, basic][i];
    return { base, frames, actions, accuracy: [a0, a1], visual: [v0, v1] };
  });

export const PAPER_TABLE: readonly PaperRow[] = [
  ...row("8B", 125, [
    [21.74, -1.05, 58.2, 0.42],
    [62.33, 1.96, 68.62, 3.77],
  ]),
  ...row("8B", 253, [
    [19.73, -0.19, 55.01, 0.37],
    [63.35, 1.91, 74.09, 3.61],
  ]),
  ...row("8B", 381, [
    [19.7, -0.33, 54.82, 0.73],
    [64.28, 1.9, 76.56, 3.72],
  ]),
  ...row("5B", 125, [
    [22.87, -1.1, 49.81, 0.2],
    [58.28, 1.83, 64.72, 3.17],
  ]),
  ...row("5B", 253, [
    [20.33, -1.67, 50.32, 0.27],
    [57.94, 1.63, 63.87, 3.37],
  ]),
  ...row("5B", 381, [
    [19.58, -0.8, 42.92, 0.59],
    [55.59, 1.91, 63.91, 3.59],
  ]),
];
