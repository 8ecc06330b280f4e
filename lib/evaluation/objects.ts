/** Do objects stay what they are? What the first picture shows is looked for at the end of every clip. */
import { frameOf } from "../metrics/appearance.ts";
import { keptShare, sightOfSolids, solidsInView } from "../metrics/permanence.ts";
import { framesOfClips, type Generated, type Prompt } from "../prompts/index.ts";
import { mean } from "../util/statistics.ts";
import { makeScene } from "../world/index.ts";
import type { Evaluated, EvaluationSet } from "./evaluate.ts";

/** At the end of one clip. */
export interface Kept {
  /** 1, 2, ... */
  clip: number;
  /** Mean share of these solids' pixels that are nearer to the true picture than to the world without them, 0..1. */
  share: number;
  /** Videos that should still show enough of them there. */
  videos: number;
}

export interface KeptRow {
  model: string;
  kept: Kept[];
}

/** What is asked of a video: its frames, and where it is at the end of each clip. */
type Followed = Pick<Generated, "frames" | "ends">;

/** NaN where too little of the first picture's solids should be in view. */
function sharesOf({ frames, ends }: Followed, { sceneSeed, poses }: Prompt): number[] {
  const scene = makeScene(sceneSeed);
  const solids = solidsInView(scene, poses[0]);
  return ends.map((pose, clip) =>
    keptShare(frameOf(frames, framesOfClips(clip + 1) - 1), sightOfSolids(scene, pose, solids)),
  );
}

/**
 * The kept share clip by clip. A video is compared with the true picture at the pose where it has itself gone: a model that
 * disobeys may still keep its objects.
 */
export function keptOverTime(videos: readonly Followed[], prompts: readonly Prompt[]): Kept[] {
  const shares = videos.map((video, i) => sharesOf(video, prompts[i]));
  return videos[0].ends.map((_, clip) => {
    const seen = shares.map((perClip) => perClip[clip]).filter((share) => !Number.isNaN(share));
    return { clip: clip + 1, share: mean(seen), videos: seen.length };
  });
}

/**
 * Of every model over all its videos, whatever their kind of prompt.
 * @param evaluated on these sets; not `random-actions`, which does not go where it is told
 */
export function keptRows(evaluated: readonly Evaluated[], sets: readonly EvaluationSet[]): KeptRow[] {
  const promptsOf = ({ actions }: Evaluated) => sets.flatMap(({ kind, prompts }) => (kind === actions ? prompts : []));
  return [...new Set(evaluated.map(({ model }) => model))].map((model) => {
    const own = evaluated.filter((source) => source.model === model);
    const videos = own.flatMap((source) => source.videos.map((frames, i) => ({ frames, ends: source.ends[i] })));
    return { model, kept: keptOverTime(videos, own.flatMap(promptsOf)) };
  });
}
