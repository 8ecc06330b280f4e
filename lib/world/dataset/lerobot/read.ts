/** Opens a LeRobotDataset v3.0 in a folder: its episodes, their numbers and their pictures. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { decodePictures, decodeVideo } from "../../../display/media/decode.ts";
import { UserError } from "../../../util/errors.ts";
import { fileAt, type Info, readInfo } from "./format.ts";
import { readTable, type TableRow } from "./table.ts";

export interface LerobotSet {
  readonly info: Info;
  readonly episodes: number;
  lengthOf(episode: number): number;
  /** Numbers of features, for every frame of an episode. */
  numbers(episode: number, features: readonly string[]): Promise<Record<string, number[][]>>;
  /** Frames of an episode brought to a size, [length, height, width, 3] bytes. */
  frames(episode: number, feature: string, size: { width: number; height: number }): Promise<Uint8Array>;
}

/** @throws UserError where the folder holds no such set, or one whose files contradict each other */
export async function openLerobot(dir: string): Promise<LerobotSet> {
  const info = readInfo(dir);
  const rows = await episodeRows(dir, info);
  const numberOf = (episode: number, name: string): number => {
    const value = rows[episode]?.[name];
    if (typeof value === "number") return value;
    throw new UserError(`${dir}: episode ${episode} has no ${name}`, "download the set again");
  };
  const lengthOf = (episode: number): number => numberOf(episode, "length");
  const fileOf = (episode: number): string => join(dir, fileAt(info.data_path, placeOf(numberOf, episode, "data")));
  // Rows of a file begin with its first episode.
  const firstOf = new Map<string, number>();
  rows.forEach((_, episode) => {
    const path = fileOf(episode);
    const from = numberOf(episode, "dataset_from_index");
    firstOf.set(path, Math.min(firstOf.get(path) ?? Number.POSITIVE_INFINITY, from));
  });
  const rowsOf = async (episode: number, columns: readonly string[]): Promise<TableRow[]> => {
    const path = fileOf(episode);
    const from = numberOf(episode, "dataset_from_index") - (firstOf.get(path) as number);
    const found = await readTable(path, ["episode_index", ...columns], [from, from + lengthOf(episode)]);
    if (found.length === lengthOf(episode) && found.every((row) => row.episode_index === episode)) return found;
    throw new UserError(
      `${path} does not hold the ${lengthOf(episode)} frames of episode ${episode}`,
      "download the set again",
    );
  };
  const frames: LerobotSet["frames"] = async (episode, feature, size) => {
    const length = lengthOf(episode);
    if (info.features[feature]?.dtype === "image") {
      const pictures = (await rowsOf(episode, [feature])).map((row) => bytesOf(row[feature], dir, episode));
      return whole(await decodePictures(pictures, size, `${dir}: ${feature} of episode ${episode}`), size, length);
    }
    const place = placeOf(numberOf, episode, `videos/${feature}`);
    const path = join(dir, fileAt(info.video_path ?? "", { ...place, key: feature }));
    const from = numberOf(episode, `videos/${feature}/from_timestamp`);
    const range = { from: Math.max(0, from - 0.5 / info.fps), frames: length };
    const { frames: bytes } = await decodeVideo(path, { size, range });
    return whole(bytes, size, length, path);
  };
  return {
    info,
    episodes: rows.length,
    lengthOf,
    numbers: async (episode, features) => {
      const found = await rowsOf(episode, features);
      const of = (name: string) => (row: TableRow, frame: number) =>
        numbersOf(row[name], `${name} at frame ${frame} of episode ${episode}`, dir);
      return Object.fromEntries(features.map((name) => [name, found.map(of(name))]));
    },
    frames,
  };
}

/** A feature's numbers at one frame, however they are nested; a truth value is 0 or 1. */
function numbersOf(value: unknown, where: string, dir: string): number[] {
  return [value].flat(4).map((part) => {
    if (typeof part === "number" || typeof part === "bigint" || typeof part === "boolean") return Number(part);
    const found = part === null || part === undefined ? "missing" : "no number";
    throw new UserError(`${dir}: ${where} is ${found}`, "fill it in, or leave such episodes out");
  });
}

const placeOf = (
  numberOf: (episode: number, name: string) => number,
  episode: number,
  of: string,
): { chunk: number; file: number } => ({
  chunk: numberOf(episode, `${of}/chunk_index`),
  file: numberOf(episode, `${of}/file_index`),
});

const EPISODES = join("meta", "episodes");

/** Rows of all episodes in order, without their statistics. */
async function episodeRows(dir: string, info: Info): Promise<TableRow[]> {
  const folder = join(dir, EPISODES);
  if (!existsSync(folder)) throw new UserError(`${folder} is missing`, "download the set again");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".parquet"));
  const videos = Object.keys(info.features).filter((name) => info.features[name].dtype === "video");
  const columns = [
    ...["episode_index", "length", "dataset_from_index", "data/chunk_index", "data/file_index"],
    ...videos.flatMap((key) => ["chunk_index", "file_index", "from_timestamp"].map((name) => `videos/${key}/${name}`)),
  ];
  const rows: TableRow[] = [];
  for (const file of files.sort()) rows.push(...(await readTable(join(folder, file), columns)));
  rows.sort((a, b) => Number(a.episode_index) - Number(b.episode_index));
  if (rows.length === info.total_episodes && rows.every((row, i) => row.episode_index === i)) return rows;
  throw new UserError(`${folder} names ${rows.length} of ${info.total_episodes} episodes`, "download the set again");
}

/** The file's bytes of one frame's picture. */
function bytesOf(value: unknown, dir: string, episode: number): Uint8Array {
  const { bytes } = (value ?? {}) as { bytes?: unknown };
  if (bytes instanceof Uint8Array) return bytes;
  throw new UserError(
    `${dir}: a picture of episode ${episode} is not in the table`,
    "embed the pictures' bytes when you write the set",
  );
}

function whole(
  bytes: Uint8Array,
  size: { width: number; height: number },
  length: number,
  path = "a picture",
): Uint8Array {
  const found = bytes.length / (3 * size.width * size.height);
  if (found === length) return bytes;
  throw new UserError(`${path} holds ${found} of ${length} frames`, "download the set again");
}
