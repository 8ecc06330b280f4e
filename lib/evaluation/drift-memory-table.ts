/** From scores to the rows of data/results/drift-memory.json, and to the audit of the metrics. */
import { accuracyOf } from "../metrics/accuracy.ts";
import { meanAppearance } from "../metrics/appearance.ts";
import { type Audit, auditPerDepth } from "../metrics/audit.ts";
import {
  appearanceContrast,
  changeFromFirst,
  distanceFromStart,
  segmentLoss,
  segmentMeans,
  segmentsOf,
} from "../metrics/drift.ts";
import { movingAccuracy, passesGate } from "../metrics/gate.ts";
import { PSNR_BOUND } from "../metrics/image.ts";
import { CLIP_LATENTS } from "../model/legacy/config.ts";
import { framesOfClips } from "../rollout/prompts/index.ts";
import { deviation, mean } from "../util/statistics.ts";
import type { DriftEvaluated, DriftScore, MemoryScore, Visit } from "./drift-memory.ts";
import { accuracyUpTo } from "./table.ts";

/** Segments of a video whose scores are compared. */
export const SEGMENTS = 8;

/** Accuracies in percent, PSNR in dB; spreads (Sd) are over seeds. */
export interface DriftRow {
  model: string;
  frames: number;
  /** PSNR to the truth lost from the first segment to the last, and to the worst; combined commands. */
  segmentPsnrLoss: number;
  segmentPsnrLossSd: number;
  worstSegmentPsnrLoss: number;
  /** PSNR to the truth of the first segment and of the last. */
  firstPsnr: number;
  lastPsnr: number;
  /** PSNR lost likewise to the truth from where the video itself has gone, and how far from the command that is in the last
   * segment, in units of the world (own-way.ts); null of controls. */
  ownPsnrLoss: number | null;
  astray: number | null;
  /** Distance 0..1 between the looks of the first and the last 15 %; needs no truth. */
  appearanceContrast: number;
  combinedAccuracy: number;
  combinedAccuracySd: number;
  /** Exact accuracy on the routes, over steps with motion; whether the gate lets memory scores count. */
  routeAccuracy: number;
  accepted: boolean;
  /** Between a frame and the earlier one at its pose; null where the gate rejects it or nothing is revisited. */
  revisitPsnr: number | null;
  revisitPsnrSd: number | null;
  /** The same without the gate, and to the true picture. */
  ungatedRevisitPsnr: number | null;
  revisitTruthPsnr: number | null;
  /** Share of the solids that are there again, 0..1, over the whole video. */
  objectsKept: number | null;
  /** Standard deviation of the accuracy over videos. */
  videoSd: number;
  trajectories: number;
  seeds: number[];
  evaluator: string;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const bounded = (values: readonly number[]): number[] => values.map((v) => Math.min(PSNR_BOUND, v));

export const segmentsFor = (clips: number): number => Math.min(SEGMENTS, clips);
const lossOf = ({ psnr }: DriftScore, clips: number) => segmentLoss(bounded(psnr.slice(0, clips)), segmentsFor(clips));
const psnrsOf = ({ psnr }: DriftScore, clips: number): number[] =>
  segmentMeans(bounded(psnr.slice(0, clips)), segmentsFor(clips));
const visitsOf = ({ visits }: MemoryScore, clips: number): Visit[] =>
  visits.filter(({ frame }) => frame < framesOfClips(clips));

/** One row at a horizon of `clips` clips. */
export function driftRow({ model, evaluator, drift, memory, seeds }: DriftEvaluated, clips: number): DriftRow {
  const bySeed = <T>(scores: T[][], value: (score: T) => number): number[] =>
    scores.map((videos) => mean(videos.map(value)));
  const loss = bySeed(drift, (video) => lossOf(video, clips).last);
  const accuracy = bySeed(drift, (video) => 100 * accuracyUpTo(video, clips).exact);
  const visited = (key: "psnr" | "truth"): number[] =>
    memory.map((videos) => mean(videos.flatMap((video) => visitsOf(video, clips).map((visit) => visit[key]))));
  const routeAccuracy = mean(bySeed(memory, ({ estimated, commanded }) => movingAccuracy(estimated, commanded)));
  const accepted = passesGate(routeAccuracy);
  const revisit = visited("psnr");
  return {
    model,
    frames: framesOfClips(clips),
    segmentPsnrLoss: mean(loss),
    segmentPsnrLossSd: deviation(loss),
    worstSegmentPsnrLoss: mean(bySeed(drift, (video) => lossOf(video, clips).worst)),
    firstPsnr: mean(bySeed(drift, (video) => psnrsOf(video, clips)[0])),
    lastPsnr: mean(bySeed(drift, (video) => psnrsOf(video, clips).at(-1) as number)),
    ...ownRow(drift.flat(), clips),
    appearanceContrast: mean(
      bySeed(drift, ({ appearance }) => appearanceContrast(appearance.slice(0, clips * CLIP_LATENTS))),
    ),
    combinedAccuracy: mean(accuracy),
    combinedAccuracySd: deviation(accuracy),
    routeAccuracy: 100 * routeAccuracy,
    accepted,
    revisitPsnr: accepted ? finite(mean(revisit)) : null,
    revisitPsnrSd: accepted ? finite(deviation(revisit)) : null,
    ungatedRevisitPsnr: finite(mean(revisit)),
    revisitTruthPsnr: finite(mean(visited("truth"))),
    objectsKept: finite(mean(memory.flat().flatMap(({ kept }) => kept))),
    videoSd: deviation(drift.flat().map((video) => 100 * accuracyUpTo(video, clips).exact)),
    trajectories: drift[0].length,
    seeds,
    evaluator,
  };
}

function ownRow(videos: readonly DriftScore[], clips: number): Pick<DriftRow, "ownPsnrLoss" | "astray"> {
  const segments = segmentsFor(clips);
  const ways = videos.flatMap(({ own }) => own ?? []);
  if (ways.length === 0) return { ownPsnrLoss: null, astray: null };
  return {
    ownPsnrLoss: mean(ways.map(({ psnr }) => segmentLoss(psnr.slice(0, clips), segments).last)),
    astray: mean(ways.map(({ astray }) => segmentMeans(astray.slice(0, clips), segments).at(-1) as number)),
  };
}

export const driftRows = (evaluated: readonly DriftEvaluated[], horizons: readonly number[]): DriftRow[] =>
  evaluated.flatMap((source) => horizons.map((clips) => driftRow(source, clips)));

/** Mean over seeds and videos of a per-clip measure. */
export function driftPerClip({ drift }: DriftEvaluated, measure: (score: DriftScore) => readonly number[]): number[] {
  const all = drift.flat().map(measure);
  return all[0].map((_, clip) => mean(all.map((values) => values[clip])));
}

/** Per clip: distance from the first clip's look, sharpness, saturation, exact accuracy in percent. */
export const DRIFT_MEASURES = {
  psnr: ({ psnr }: DriftScore): number[] => bounded(psnr),
  ssim: ({ ssim }: DriftScore): number[] => ssim,
  appearance: (score: DriftScore): number[] => distanceFromStart(clipLooks(score), 1),
  sharpness: (score: DriftScore): number[] => clipLooks(score).map((look) => look[7]),
  saturation: (score: DriftScore): number[] => clipLooks(score).map((look) => look[6]),
  accuracy: ({ estimated, commanded, psnr }: DriftScore): number[] =>
    psnr.map((_, n) => {
      const steps = [Math.max(0, 16 * n - 4), 16 * n + 12] as const;
      return 100 * accuracyOf(estimated.subarray(...steps), commanded.subarray(...steps)).exact;
    }),
};

const clipLooks = ({ appearance, psnr }: DriftScore): Float32Array[] =>
  segmentsOf(appearance, psnr.length).map(meanAppearance);

export interface AuditRow {
  metric: string;
  /** Against this true measure. */
  truth: string;
  perDepth: Audit[];
}

/** The rank correlation of every metric that needs no truth with the truth, per segment, over all given videos. */
export function auditMetrics(evaluated: readonly DriftEvaluated[], clips: number): AuditRow[] {
  const videos = evaluated.flatMap(({ drift }) => drift.flat());
  const routes = evaluated.flatMap(({ memory }) => memory.flat());
  const depths = segmentsFor(clips);
  const table = (values: (score: DriftScore) => readonly number[]): number[][] =>
    videos.map((video) => segmentsOf(values(video).slice(0, clips), depths).map(mean));
  const visits = (key: "psnr" | "truth"): number[][] =>
    routes.map((video) => {
      const edges = segmentsOf([...Array(clips).keys()], depths).map((part) => part.map((n) => framesOfClips(n + 1)));
      return edges.map((ends) => {
        const inside = video.visits.filter(({ frame }) => frame < ends[ends.length - 1] && frame >= ends[0] - 16);
        return mean(inside.map((visit) => visit[key]));
      });
    });
  const truth = table(DRIFT_MEASURES.psnr);
  const against = (metric: string, values: number[][]): AuditRow => {
    return { metric, truth: "PSNR", perDepth: auditPerDepth(values, truth) };
  };
  const judged = videos.every(({ visual }) => visual);
  const quality = ({ visual = [] }: DriftScore): number[] => changeFromFirst(visual);
  return [
    ...(["appearance", "sharpness", "saturation"] as const).map((key) => against(key, table(DRIFT_MEASURES[key]))),
    ...(judged ? [against("quality drift", table(quality))] : []),
    { metric: "revisit", truth: "PSNR at revisits", perDepth: auditPerDepth(visits("psnr"), visits("truth")) },
  ];
}
