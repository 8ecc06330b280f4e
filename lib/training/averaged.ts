/** Training of a network that serves others: AdamW on a loss of seeded batches; an average of the weights is kept. */
import * as tf from "@tensorflow/tfjs-core";
import { cloneParams, emaParams, initParams, type Params } from "../model/nn/params.ts";
import { compile } from "../runtime/backend/compile.ts";
import type { Tree } from "../util/tree.ts";
import { lossAndGrads } from "./optimiser/gradients.ts";
import { initOptimiser, OPTIMISER_DEFAULTS, optimiserStep } from "./optimiser/optimiser.ts";
import { type TrapezoidConfig, trapezoid } from "./optimiser/schedule.ts";
import { runTraining, SAVE_EVERY, type TrainState } from "./run.ts";

type Batch = Record<string, tf.Tensor>;

/** The numbers that every such training has; the rest of its configuration is its own. */
interface AveragedConfig extends Tree {
  readonly seed: number;
  readonly steps: number;
  /** Peak learning rate. */
  readonly lr: number;
  /** Decay of the average, reached as the steps add up. */
  readonly ema: number;
}

export interface AveragedTraining<B extends Batch, C extends AveragedConfig> {
  readonly dir: string;
  /** Of the step, in messages. */
  readonly name: string;
  readonly config: C;
  readonly presets: Tree;
  /** What else shapes the run; it is resumed only with the same. */
  readonly made?: Tree;
  readonly saveEvery?: number;
  readonly schedule: Omit<TrapezoidConfig, "peak">;
  readonly weightDecay?: number;
  readonly spec: Parameters<typeof initParams>[0];
  /** Of a batch; `fixed` are the weights that are not trained. */
  readonly loss: (trained: Params, batch: B, fixed: Params) => tf.Scalar;
  readonly fixed?: Params;
  /** The same step gives the same batch, which is disposed after it. */
  readonly draw: (step: number) => B;
}

function makeStep<B extends Batch, C extends AveragedConfig>({ name, loss, weightDecay }: AveragedTraining<B, C>) {
  const { adamwConfig } = OPTIMISER_DEFAULTS;
  const own = { ...adamwConfig, weightDecay: weightDecay ?? adamwConfig.weightDecay };
  const optimiser = { ...OPTIMISER_DEFAULTS, adamwConfig: own };
  return compile(
    (state: TrainState, batch: B, fixed: Params, { lr, step, decay }: Record<"lr" | "step" | "decay", tf.Scalar>) => {
      const value = lossAndGrads((p) => loss(p, batch, fixed), state.params);
      const next = optimiserStep(state.params, value.grads, state.optimiser, lr, step, optimiser);
      const ema = emaParams(state.ema, next.params, decay);
      return { state: { params: next.params, optimiser: next.state, ema }, loss: value.loss };
    },
    { name },
  );
}

/** Trains, or resumes, in `dir`. @returns averaged weights */
export async function trainAveraged<B extends Batch, C extends AveragedConfig>(
  training: AveragedTraining<B, C>,
): Promise<Params> {
  const { dir, config, presets, made, saveEvery = SAVE_EVERY, schedule, spec, fixed = {}, draw } = training;
  const { seed, steps, lr: peak, ema: most } = config;
  const run = makeStep(training);
  const step = (before: TrainState, i: number) => {
    const batch = draw(i);
    const rates = {
      lr: tf.scalar(trapezoid(i, steps, { peak, ...schedule })),
      step: tf.scalar(i + 1),
      decay: tf.scalar(Math.min(most, (i + 1) / (i + 10))),
    };
    const { state, loss } = run(before, batch, fixed, rates);
    const metrics = { loss: loss.dataSync()[0] };
    tf.dispose([Object.values(batch), Object.values(rates), loss]);
    return { state, metrics };
  };
  const start = (): TrainState => {
    const params = initParams(spec, seed);
    return { params, optimiser: initOptimiser(params, OPTIMISER_DEFAULTS), ema: cloneParams(params) };
  };
  const settings = { ...config, ...made };
  const { ema } = await runTraining({ dir, steps, config: settings, presets, saveEvery, logEvery: 20, start, step });
  return ema;
}
