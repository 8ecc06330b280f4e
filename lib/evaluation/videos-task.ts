/** What a worker does of an evaluation: the videos of a few prompts. */
import { openPortable } from "../model/portable.ts";
import type { Task } from "../runtime/engine/engine.ts";
import { type VideosJob, videosOf } from "./videos.ts";

const task: Task<VideosJob, Uint8Array[]> = async ({ model, cues, first, ...options }, context) =>
  videosOf(await openPortable(model, context), cues, first, options);
export default task;
