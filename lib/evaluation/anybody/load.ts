/** Somebody's videos, brought to the laboratory's size and rate; what that took is told once. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { decodeVideo, resampleVideo } from "../../display/media/decode.ts";
import { UserError } from "../../util/errors.ts";
import { FRAMES_PER_LATENT, framesOf, HEIGHT, WIDTH } from "../../world/config.ts";
import type { Commanded } from "./commands.ts";
import type { EvaluatedVideo } from "./metrics.ts";

/** Frames a second of the laboratory's videos; a pose string's latent is four frames of it. */
export const RATE = 24;

export interface VideoFiles {
  readonly videos: string;
  readonly commands: readonly Commanded[];
  /** Folder of the true videos, of the same names. */
  readonly truth?: string;
  /** Frames a second at which a latent of a pose string is four frames. */
  readonly rate?: number;
}

export interface LoadedVideos {
  readonly videos: readonly EvaluatedVideo[];
  /** Names of commanded videos that are not there. */
  readonly missing: readonly string[];
  /** What was done to the videos, in sentences. */
  readonly notes: readonly string[];
}

const ENDINGS = [".mp4", ".webm", ".mov", ".mkv", ".avi", ".gif", ".m4v"];

/** @throws UserError where no commanded video is there, or one cannot be read or is too short to be judged */
export async function loadVideos({ videos: dir, commands, truth, rate = RATE }: VideoFiles): Promise<LoadedVideos> {
  const files = filesIn(dir);
  const truths = truth === undefined ? undefined : filesIn(truth);
  const [videos, missing, notes]: [EvaluatedVideo[], string[], Notes] = [[], [], new Notes()];
  const used = new Set<string>();
  for (const { name, actions } of commands) {
    const file = fileOf(name, files);
    if (file === undefined) {
      missing.push(name);
      continue;
    }
    used.add(file);
    const video = await readVideo(join(dir, file), rate, notes);
    const usable = usableFrames(name, video.length, actions, notes);
    const trueFile = truths && fileOf(name, truths);
    if (truths && trueFile === undefined) missing.push(`${name} (truth)`);
    const real = trueFile === undefined ? undefined : await readVideo(join(truth as string, trueFile), rate, notes);
    if (real && real.length < usable)
      throw new UserError(
        `the truth of ${name} is ${real.length / FRAME} frames long`,
        `give ${usable / FRAME} or more`,
      );
    videos.push({ name, actions, video: video.subarray(0, usable), ...(real && { truth: real.subarray(0, usable) }) });
  }
  if (videos.length === 0)
    throw new UserError(`none of the ${commands.length} commanded videos is in ${dir}`, `there: ${some(files)}`);
  const others = files.filter((file) => !used.has(file));
  if (others.length > 0) notes.add("without commands, so not measured", others.join(", "));
  return { videos, missing, notes: notes.sentences() };
}

const FRAME = 3 * WIDTH * HEIGHT;

async function readVideo(path: string, rate: number, notes: Notes): Promise<Uint8Array> {
  const decoded = await decodeVideo(path, { size: { width: WIDTH, height: HEIGHT } });
  const { width, height } = decoded.source;
  const name = path.split(sep).at(-1) as string;
  if (width !== WIDTH || height !== HEIGHT) {
    const cut = width * HEIGHT === height * WIDTH ? "" : ", cut to that shape in the middle";
    notes.add(`${width}x${height} pixels, brought to ${WIDTH}x${HEIGHT}${cut}`, name);
  }
  if (Math.abs(decoded.fps - rate) < 1e-2) return decoded.frames;
  notes.add(`${decoded.fps} frames a second, resampled to ${rate}`, name);
  return resampleVideo(decoded, rate).frames;
}

/** Bytes of a video that commands explain: 4 k + 1 frames. */
function usableFrames(name: string, bytes: number, actions: Uint8Array, notes: Notes): number {
  const [frames, commanded] = [bytes / FRAME, framesOf(actions.length)];
  const latents = Math.floor((Math.min(frames, commanded) - 1) / FRAMES_PER_LATENT);
  if (latents < 1)
    throw new UserError(`${name} has ${frames} frames and ${commanded - 1} commanded steps`, "give 5 frames or more");
  const usable = framesOf(latents + 1);
  if (frames > commanded)
    notes.add(`longer than its commands: measured up to their end`, `${name} (${frames}, ${usable})`);
  else if (usable < commanded)
    notes.add(`shorter than its commands: measured in whole latents`, `${name} (${frames}, ${usable} of ${commanded})`);
  return usable * FRAME;
}

function filesIn(dir: string): string[] {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new UserError(`there is no folder ${dir}`, "give the folder of the videos");
  const all = readdirSync(dir, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && ENDINGS.includes(extname(entry.name).toLowerCase()))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** The file that a name means: itself, or with one of the endings. */
const fileOf = (name: string, files: readonly string[]): string | undefined =>
  files.find((file) => file === name) ?? files.find((file) => file === name + extname(file));

const SOME = 5;
const some = (names: readonly string[]): string =>
  names.length === 0 ? "no video" : names.slice(0, SOME).join(", ") + (names.length > SOME ? ", ..." : "");

/** What was found about videos, each finding told once with the names it holds for. */
class Notes {
  private readonly found = new Map<string, string[]>();
  add(what: string, name: string): void {
    this.found.set(what, [...(this.found.get(what) ?? []), name]);
  }
  sentences(): string[] {
    return [...this.found].map(([what, names]) => {
      const told = some(names);
      return names.length === 1 ? `${told}: ${what}` : `${names.length} videos: ${what} (${told})`;
    });
  }
}
