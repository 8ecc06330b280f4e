/** What an arm's averaged weights can do: videos of held-out prompts, judged by the evaluation estimator. */

import type { Judges } from "../evaluation/evaluate.ts";
import {
  type Evaluated,
  type EvaluationSet,
  evaluateModel,
  evaluationSets,
  HORIZONS,
  type Profile,
  type Row,
  rowsOf,
} from "../evaluation/index.ts";
import { codecOf } from "../model/legacy/carried.ts";
import type { ModelConfig } from "../model/legacy/config.ts";
import { makeWorldModel } from "../model/legacy/rollout.ts";
import type { Params } from "../model/nn/params.ts";
import { mean } from "../util/statistics.ts";
import type { Group } from "./arms.ts";

const PROFILE: Profile = { name: "arms", trajectories: 8, horizons: [HORIZONS[0]], seeds: [0], batch: 8 };
/** The main comparison also at the longer horizons. */
const LONG_PROFILE: Profile = { ...PROFILE, name: "arms, all horizons", horizons: HORIZONS };

export const profileOfGroup = (group: Group): Profile =>
  group === "main" || group === "control" ? LONG_PROFILE : PROFILE;

/** Numbers of one model at one horizon: accuracies in percent by kind of action, the others means over both kinds. */
export interface Measured {
  frames: number;
  basic: number;
  combined: number;
  translation: number;
  rotation: number;
  psnr: number;
  ssim: number;
  /** Null without a judge. */
  visual: number | null;
}

export interface Measurement {
  /** One a horizon. */
  horizons: Measured[];
  evaluated: Evaluated[];
  sets: EvaluationSet[];
}

/** A function that measures weights on the prompts of a profile, whose true videos are rendered once. */
export function makeMeasure(profile: Profile, judges: Judges) {
  const sets = evaluationSets(profile);
  return (params: Params, shape: ModelConfig): Measurement => {
    const model = makeWorldModel(params, shape, { compiled: true, codec: codecOf(judges.tokeniser) });
    const evaluated = sets.map((set) => evaluateModel("arm", model, set, profile, judges));
    const rows = rowsOf(evaluated, profile);
    const frames = [...new Set(rows.map((row) => row.frames))];
    return { horizons: frames.map((length) => measuredOf(rows, length)), evaluated, sets };
  };
}

function measuredOf(rows: readonly Row[], frames: number): Measured {
  const own = rows.filter((row) => row.frames === frames);
  const accuracy = (kind: string): number => own.find(({ actions }) => actions === kind)?.accuracy ?? Number.NaN;
  const average = (value: (row: Row) => number | null): number | null => {
    const values = own.map(value).filter((v) => v !== null);
    return values.length === own.length ? round(mean(values)) : null;
  };
  return {
    frames,
    basic: round(accuracy("basic")),
    combined: round(accuracy("combined")),
    translation: average((row) => row.translation) as number,
    rotation: average((row) => row.rotation) as number,
    psnr: average((row) => row.psnr) as number,
    ssim: average((row) => row.ssim) as number,
    visual: average((row) => row.visual),
  };
}

const round = (value: number): number => Number(value.toFixed(3));
