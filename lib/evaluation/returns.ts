/**
 * Revisits prompt by prompt, on more prompts than the tables have: models that were trained alike differ by less than prompts
 * do, so they are compared in pairs, on the same prompts from the same noise.
 */
import { revisitPsnrs, revisitsOf } from "../metrics/revisit.ts";
import type { WorldModel } from "../model/legacy/worldModel.ts";
import type { Tokeniser } from "../model/tokeniser/tokeniser.ts";
import { generateVideos, type Prompt, type Route } from "../rollout/prompts/index.ts";
import { mean } from "../util/statistics.ts";
import { routePrompts } from "./memory-prompts.ts";

export interface ReturnsOptions {
  routes: readonly Route[];
  perRoute: number;
  clips: number;
}

/** Of each prompt the mean PSNR between frames and the earlier ones at their commanded poses; bounded dB, without a gate. */
export function returnsOfModel(
  model: WorldModel,
  tokeniser: Tokeniser,
  { routes, perRoute, clips }: ReturnsOptions,
  { seed, batch }: { seed: number; batch: number },
): number[] {
  const prompts = routes.flatMap((route): Prompt[] => routePrompts(route, perRoute, clips));
  const videos = generateVideos(model, tokeniser, prompts, { seed, clips, batch });
  return videos.map((video, i) => mean(revisitPsnrs(video, revisitsOf(prompts[i].poses))));
}
