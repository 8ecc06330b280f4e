/**
 * The same prompts at each evaluation of a training: what the model made of them before, and what it makes now, side by side,
 * with what both measure. Progress that no picture shows is worth a look, and the reverse.
 */

import { JUPYTER_DISPLAY } from "../display/bundle.ts";
import { encodeGif } from "../display/media/gif.ts";
import { sideBySide } from "../display/media/side-by-side.ts";
import type { Video } from "../display/media/video.ts";
import { plusMinus, table } from "../display/table.ts";
import type { WorldModel } from "../model/worldModel.ts";
import type { Prompt } from "../rollout/prompt.ts";
import { keepSample } from "../training/run/samples.ts";
import type { Metrics } from "../training/run.ts";
import { mean, standardError } from "../util/statistics.ts";
import { type Metric, measureVideos, trueVideos } from "./measure.ts";
import type { Row } from "./report.ts";
import { generateVideos } from "./videos.ts";

export interface WatchOptions {
  /** Folder of the run. */
  readonly dir: string;
  /** The model before its training. */
  readonly base: WorldModel;
  readonly prompts: readonly Prompt[];
  readonly clips: number;
  readonly metrics: readonly Metric[];
  /** Steps from one evaluation to the next. */
  readonly every: number;
  readonly samplingSeed?: number;
}

const FPS = 24;

/** To be called at saves of a training, for example as `onSave` of `postTrain`. @returns what it measured, under `watched/` */
export function watch(options: WatchOptions): (model: WorldModel, step: number) => Promise<Metrics> {
  const { dir, base, prompts, clips, metrics, every, samplingSeed = 0 } = options;
  let known: { videos: Uint8Array[]; truths: Uint8Array[]; rows: Row[] } | undefined;
  const measured = (videos: readonly Uint8Array[], truths: readonly Uint8Array[]): Promise<Row[]> => {
    const about = { world: prompts[0].world.name, model: "watched", trainingSeed: 0, samplingSeed, actions: "watched" };
    const all = videos.map((video, i) => ({ video, truth: truths[i], prompt: prompts[i] }));
    return measureVideos(about, all, metrics, [16 * clips - 3]);
  };
  return async (model, step) => {
    if (step % every !== 0) return {};
    if (!known) {
      const truths = (await trueVideos(prompts)).map((truth, i) => truth.subarray(0, bytesOf(prompts[i], clips)));
      const videos = await generateVideos(base, prompts, { clips, samplingSeed });
      known = { videos, truths, rows: await measured(videos, truths) };
    }
    const videos = await generateVideos(model, prompts, { clips, samplingSeed });
    const rows = await measured(videos, known.truths);
    for (const [i, prompt] of prompts.entries()) {
      const { width, height } = prompt.world.camera;
      const film = (frames: Uint8Array): Video => ({ frames, width, height, fps: FPS });
      const three = [film(known.truths[i]), film(known.videos[i]), film(videos[i])];
      keepSample(dir, `prompt.${i}`, step, await encodeGif(sideBySide(three, { labels: ["truth", "before", "now"] })));
    }
    keepSample(dir, "table", step, await tableOf(known.rows, rows));
    return Object.fromEntries(rows.map(({ metric, values }) => [`watched/${metric}`, mean(values)]));
  };
}

const bytesOf = ({ world }: Prompt, clips: number): number =>
  3 * world.camera.width * world.camera.height * (16 * clips - 3);

/** Before and now in Markdown, mean ± standard error over the prompts. */
async function tableOf(before: readonly Row[], now: readonly Row[]): Promise<string> {
  const shown = ({ values }: Row): string => plusMinus(mean(values), standardError(values), 2);
  const rows = now.map((row, i) => ({ metric: row.metric, unit: row.unit, before: shown(before[i]), now: shown(row) }));
  return String((await table(rows)[JUPYTER_DISPLAY]())["text/markdown"]);
}
