/** Writes a data set of ours as a LeRobotDataset v3.0, for whoever trains on such sets. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { encodeMp4 } from "../../../display/media/ffmpeg.ts";
import { encodePng } from "../../../display/media/png.ts";
import { joinBytes } from "../../../util/arrays.ts";
import { UserError } from "../../../util/errors.ts";
import { writeAtomic, writeJson } from "../../../util/files.ts";
import { Progress } from "../../../util/progress.ts";
import type { Dataset } from "../read.ts";
import { infoOf, tasksTable } from "./describe.ts";
import {
  ACTION,
  ACTION_ID,
  aboutEpisode,
  CAMERA,
  type Episode,
  episodeColumns,
  episodesOf,
  FPS,
  numberStats,
  STATE,
  statsOfEpisode,
} from "./episode.ts";
import { fileAt, type Info, PATHS } from "./format.ts";
import { MAPPING_FILE, ownMapping } from "./mapping.ts";
import { pictureStats, type Stats } from "./stats.ts";
import { type Column, encodeTable } from "./table.ts";

const FILES_PER_CHUNK = 1000;
/** Of H.264, nearly without visible loss. */
const QUALITY = 12;

export interface ExportOptions {
  readonly dir: string;
  /** Pictures as PNG in the tables, exact and larger, instead of H.264. */
  readonly images?: boolean;
  /** Episodes of one file of data and video. */
  readonly episodesPerFile?: number;
  /** Files of one folder. */
  readonly filesPerChunk?: number;
}

/** @throws UserError where the folder holds something already */
export async function exportLerobot(dataset: Dataset, options: ExportOptions): Promise<Info> {
  const { dir, images = false, episodesPerFile = 100, filesPerChunk = FILES_PER_CHUNK } = options;
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new UserError(`${dir} is not empty`, "name a new folder for the exported set");
  const progress = new Progress("export", dataset.trajectories, 0, { unit: "episodes" });
  const rows: { about: Record<string, unknown>; stats: Record<string, Stats> }[] = [];
  const all: Pick<Episode, "states" | "actions" | "ids">[] = [];
  const shown: Uint8Array[] = [];
  let frames = 0;
  for (let file = 0; file * episodesPerFile < dataset.trajectories; file++) {
    const place = { chunk: Math.floor(file / filesPerChunk), file: file % filesPerChunk };
    const episodes = episodesOf(dataset, file * episodesPerFile, episodesPerFile, frames, place);
    await writeFile(dir, dataset, episodes, images);
    for (const episode of episodes) {
      rows.push({ about: aboutEpisode(episode, images), stats: statsOfEpisode(episode) });
      all.push({ states: episode.states, actions: episode.actions, ids: episode.ids });
      shown.push(...episode.pictures.filter((_, f) => f % 16 === 0));
      frames += episode.length;
    }
    progress.advance(episodes.length);
  }
  progress.finish();
  const info = infoOf(dataset, frames, filesPerChunk, images);
  writeAtomic(join(dir, fileAt(PATHS.episodes, { chunk: 0, file: 0 })), encodeTable(episodeColumns(rows)));
  writeAtomic(join(dir, PATHS.tasks), tasksTable());
  writeJson(join(dir, PATHS.stats), {
    ...numberStats(
      all.flatMap(({ states }) => states),
      all.flatMap(({ actions }) => actions),
      all.flatMap(({ ids }) => ids),
    ),
    [CAMERA]: pictureStats(shown),
  });
  writeJson(join(dir, MAPPING_FILE), ownMapping(dataset.manifest.description.world, { CAMERA, STATE, ACTION_ID }));
  // Last: a folder without it is no data set, so that a half-written one is none.
  writeJson(join(dir, PATHS.info), info);
  return info;
}

async function writeFile(dir: string, dataset: Dataset, episodes: readonly Episode[], images: boolean): Promise<void> {
  const { width, height } = dataset.manifest.description.world.camera;
  const { place } = episodes[0];
  const each = <T>(values: (episode: Episode) => readonly T[]): T[] =>
    episodes.flatMap((episode) => [...values(episode)]);
  const numbers = (of: (episode: Episode, frame: number) => number): number[] =>
    each((episode) => Array.from({ length: episode.length }, (_, f) => of(episode, f)));
  const columns: Record<string, Column> = {
    [STATE]: { kind: "float32", depth: 1, values: each(({ states }) => states) },
    [ACTION]: { kind: "float32", depth: 1, values: each(({ actions }) => actions) },
    [ACTION_ID]: { kind: "int64", values: each(({ ids }) => ids) },
    timestamp: { kind: "float32", values: numbers((_, f) => f / FPS) },
    frame_index: { kind: "int64", values: numbers((_, f) => f) },
    episode_index: { kind: "int64", values: numbers(({ index }) => index) },
    index: { kind: "int64", values: numbers(({ from }, f) => from + f) },
    task_index: { kind: "int64", values: numbers(() => 0) },
  };
  if (images) {
    const values = episodes.flatMap(({ pictures, index }) =>
      pictures.map((pixels, f) => ({
        bytes: encodePng({ pixels, width, height }),
        path: `episode-${String(index).padStart(6, "0")}-frame-${String(f).padStart(6, "0")}.png`,
      })),
    );
    columns[CAMERA] = { kind: "picture", values };
  } else {
    const frames = joinBytes(each(({ pictures }) => pictures));
    const mp4 = await encodeMp4(frames, { width, height, fps: FPS, quality: QUALITY });
    writeAtomic(join(dir, fileAt(PATHS.videos, { ...place, key: CAMERA })), mp4);
  }
  writeAtomic(join(dir, fileAt(PATHS.data, place)), encodeTable(columns));
}
