/** Learning-rate schedules as plain functions of the step. */

/** Linear warm-up, constant, then linear decay to `floor` over the last `decay` part of the run ("trapezoid"). */
export function trapezoid(
  step: number,
  steps: number,
  { peak, warmup = 50, decay = 0.4, floor = 0.02 }: TrapezoidConfig,
): number {
  const up = Math.min(1, (step + 1) / warmup);
  const left = (steps - step) / (steps * decay);
  return peak * up * Math.max(floor, Math.min(1, left));
}

export interface TrapezoidConfig {
  /** Highest learning rate. */
  peak: number;
  /** Steps of linear warm-up. */
  warmup?: number;
  /** Share of the run that decays. */
  decay?: number;
  /** The decay ends here, as a share of the peak. */
  floor?: number;
}
