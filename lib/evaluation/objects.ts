/** Do objects stay what they are? What the first picture shows is looked for at the end of every clip. */
import { frameOf } from "../metrics/appearance.ts";
import { keptShare, sightOfSolids, solidsInView } from "../metrics/permanence.ts";
import { CLIP_LATENTS } from "../model/legacy/config.ts";
import { framesOfClips, type Generated, type Prompt } from "../rollout/prompts/index.ts";
import { mean } from "../util/statistics.ts";
import { makeScene } from "../world/plane/index.ts";

/** At the end of one clip. */
export interface Kept {
  /** 1, 2, ... */
  clip: number;
  /** Mean share of these solids' pixels that are nearer to the true picture than to the world without them, 0..1. */
  share: number;
  /** Videos that should still show enough of them there. */
  videos: number;
}

/** Of one model. */
export interface KeptRow {
  model: string;
  kept: Kept[];
}

/** What is asked of a video: its frames, and where it is at the end of each clip. */
type Followed = Pick<Generated, "frames" | "ends">;

/** The camera at the end of every clip where a video goes as it was told. */
export const commandedEnds = ({ poses, actions }: Prompt): Generated["ends"] =>
  Array.from({ length: actions.length / CLIP_LATENTS }, (_, clip) => poses[framesOfClips(clip + 1) - 1]);

/** Clips at whose ends the first picture's solids are looked for: later hardly any video should still show them. */
export const KEPT_CLIPS = 8;

/**
 * Of the first picture's solids the share that is there at the end of each clip, of the first `KEPT_CLIPS`; NaN where too
 * little of them should be in view.
 * The video is compared with the true picture at the pose where it has itself gone: a model that disobeys may still keep its
 * objects.
 */
export function keptPerClip({ frames, ends }: Followed, { sceneSeed, poses }: Prompt): number[] {
  const scene = makeScene(sceneSeed);
  const solids = solidsInView(scene, poses[0]);
  return ends
    .slice(0, KEPT_CLIPS)
    .map((pose, clip) => keptShare(frameOf(frames, framesOfClips(clip + 1) - 1), sightOfSolids(scene, pose, solids)));
}

/** The mean over videos, clip by clip. @param shares of `keptPerClip`, of equally many clips */
export const keptOverTime = (shares: readonly (readonly number[])[]): Kept[] =>
  shares[0].map((_, clip) => {
    const seen = shares.map((perClip) => perClip[clip]).filter((share) => !Number.isNaN(share));
    return { clip: clip + 1, share: mean(seen), videos: seen.length };
  });

/** Of every model over all its videos, whatever their kind of prompt and seed. */
export const keptRows = (evaluated: readonly { model: string; kept: readonly number[][] }[]): KeptRow[] =>
  [...new Set(evaluated.map(({ model }) => model))].map((model) => ({
    model,
    kept: keptOverTime(evaluated.filter((source) => source.model === model).flatMap(({ kept }) => kept)),
  }));
