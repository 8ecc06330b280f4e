/** Do objects stay what they are? What the first picture shows is looked for at the end of every clip. */
import { frameOf } from "../metrics/appearance.ts";
import { keptShare, sightOfSolids, solidsInView } from "../metrics/permanence.ts";
import type { WorldModel } from "../model/worldModel.ts";
import { framesOfClips, type Generated, generate, type Prompt, trueVideo } from "../prompts/index.ts";
import type { Tokeniser } from "../tokeniser/tokeniser.ts";
import { mean } from "../util/statistics.ts";
import { makeScene } from "../world/index.ts";
import { type Control, controlVideo } from "./controls.ts";
import { evaluationPrompts } from "./prompts.ts";

/** At the end of one clip. */
export interface Kept {
  /** 1, 2, ... */
  clip: number;
  /** Mean share of these solids' pixels that are nearer to the true picture than to the world without them, 0..1. */
  share: number;
  /** Videos that should still show enough of them there. */
  videos: number;
}

/** The camera at the end of every clip where a video goes as it was told. */
export const commandedEnds = ({ poses }: Prompt, clips: number): Generated["ends"] =>
  Array.from({ length: clips }, (_, clip) => poses[framesOfClips(clip + 1) - 1]);

/** A model beside what is best and worst to be expected. */
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
 * A world model on basic prompts, whose first objects stay in view longest, with the tokeniser as ceiling and the first
 * picture alone as floor, which go where they are told.
 * @param count prompts
 */
export function keptRows(
  name: string,
  model: WorldModel,
  tokeniser: Tokeniser,
  { count, clips, batch, seed = 0 }: { count: number; clips: number; batch: number; seed?: number },
): KeptRow[] {
  const prompts = evaluationPrompts("basic", count, clips);
  const truths = prompts.map(trueVideo);
  const videos = generate(model, tokeniser, prompts, { seed, clips, batch });
  const control = (kind: Control): KeptRow => {
    const shown = prompts.map((prompt, i) => ({
      frames: controlVideo(kind, prompt, truths[i], tokeniser),
      ends: commandedEnds(prompt, clips),
    }));
    return { model: kind, kept: keptOverTime(shown, prompts) };
  };
  return [{ model: name, kept: keptOverTime(videos, prompts) }, control("reconstruction"), control("frozen")];
}
