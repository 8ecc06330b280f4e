/**
 * LeRobotDataset v3.0: what its files say. `meta/info.json` describes features and how files are named; `meta/episodes` says in
 * which file, and where in it, each episode lies; `data` holds a row a frame; videos hold the frames of many episodes.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { onFile, UserError } from "../../../util/errors.ts";
import { parseJson } from "../../../util/strict-json.ts";

export const VERSION = "v3.0";
export const PATHS = {
  info: "meta/info.json",
  stats: "meta/stats.json",
  tasks: "meta/tasks.parquet",
  episodes: "meta/episodes/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
  data: "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
  videos: "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
} as const;

const featureSchema = z.looseObject({
  dtype: z.string(),
  shape: z.array(z.int().min(1)),
  names: z.unknown().optional(),
});
export type Feature = z.infer<typeof featureSchema>;

export const infoSchema = z.looseObject({
  codebase_version: z.string(),
  total_episodes: z.int().min(0),
  total_frames: z.int().min(0),
  fps: z.number().gt(0),
  data_path: z.string(),
  video_path: z.string().nullable().optional(),
  features: z.record(z.string(), featureSchema),
});
export type Info = z.infer<typeof infoSchema>;

/** Where a file lies: `{chunk_index:03d}` and the like are filled in. @throws UserError at a path that leads out of the folder */
export function fileAt(pattern: string, numbers: { chunk: number; file: number; key?: string }): string {
  const values: Record<string, string | number> = {
    chunk_index: numbers.chunk,
    file_index: numbers.file,
    ...(numbers.key === undefined ? {} : { video_key: numbers.key }),
  };
  const path = pattern.replace(/\{(\w+)(?::0(\d)d)?\}/g, (whole, name: string, digits?: string) => {
    if (!Object.hasOwn(values, name))
      throw new UserError(`the path ${pattern} has ${whole}`, "give a set of version v3.0");
    return String(values[name]).padStart(Number(digits ?? 0), "0");
  });
  if (path.startsWith("/") || path.split(/[/\\]/).includes(".."))
    throw new UserError(`the path ${path} leads out of the data set`, "do not open this set");
  return path;
}

/** @throws UserError where the folder holds none, a damaged one, or one of another version, with how to convert it */
export function readInfo(dir: string): Info {
  const path = join(dir, PATHS.info);
  if (!existsSync(path))
    throw new UserError(
      `${dir} holds no LeRobotDataset: ${PATHS.info} is missing`,
      "give the folder that has meta, data and videos",
    );
  const value = parseJson(
    onFile(path, () => readFileSync(path, "utf8")),
    path,
    "download the set again",
  );
  refuseOtherVersions(dir, (value as { codebase_version?: unknown } | null)?.codebase_version);
  const parsed = infoSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path: where, message }] = parsed.error.issues;
  throw new UserError(`${path}: ${where.join(".") || "content"}: ${message}`, "download the set again");
}

const CONVERT = "python -m lerobot.datasets.v30.convert_dataset_v21_to_v30 --repo-id OWNER/NAME";

function refuseOtherVersions(dir: string, version: unknown): void {
  if (version === VERSION) return;
  const problem = `${dir} is a LeRobotDataset of version ${JSON.stringify(version ?? null)}; ${VERSION} is read here`;
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(String(version)) ?? [];
  if (major === "2" && minor === "1") throw new UserError(problem, `convert it, with lerobot installed: ${CONVERT}`);
  if (major === "2" || major === "1")
    throw new UserError(problem, `convert it to v2.1 with a lerobot of its time, then: ${CONVERT}`);
  if (Number(major) >= 3) throw new UserError(problem, "write it as v3.0, or use a newer version of this project");
  throw new UserError(problem, `give a set whose ${PATHS.info} says "codebase_version": "${VERSION}"`);
}
