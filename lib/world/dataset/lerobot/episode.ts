/** One trajectory of ours as an episode: a row a frame, what is said of it, and its statistics. */
import { motionOf } from "../../actions.ts";
import { FRAMES_PER_LATENT } from "../../config.ts";
import type { Dataset } from "../read.ts";
import { pictureStats, type Stats, vectorStats } from "./stats.ts";
import type { Column } from "./table.ts";

/** Names of what a frame has. */
export const CAMERA = "observation.images.camera";
export const STATE = "observation.state";
export const ACTION = "action";
export const ACTION_ID = "action.id";

export const FPS = 24;
export const TASK = "carry out the commanded camera motions";

/** One trajectory as rows. */
export interface Episode {
  readonly index: number;
  /** Number of its first frame in the whole set, and in its file. */
  readonly from: number;
  readonly fromInFile: number;
  readonly length: number;
  readonly place: { readonly chunk: number; readonly file: number };
  readonly pictures: readonly Uint8Array[];
  readonly states: readonly number[][];
  readonly actions: readonly number[][];
  readonly ids: readonly number[];
}

export function episodesOf(
  dataset: Dataset,
  first: number,
  most: number,
  from: number,
  place: Episode["place"],
): Episode[] {
  const { width, height } = dataset.manifest.description.world.camera;
  const size = 3 * width * height;
  const count = Math.min(most, dataset.trajectories - first);
  let before = 0;
  return Array.from({ length: count }, (_, i) => {
    const { actions, poses } = dataset.recording(first + i);
    const frames = dataset.frames(first + i);
    const length = poses.length;
    // Row f has the action that leads from frame f to the next one; after the last frame none is known.
    const ids = poses.map((_, f) => (f + 1 < length ? actions[1 + Math.floor(f / FRAMES_PER_LATENT)] : 0));
    const episode: Episode = {
      ...{ index: first + i, from: from + before, fromInFile: before, length, place, ids },
      pictures: poses.map((_, f) => frames.subarray(f * size, (f + 1) * size)),
      states: poses.map(({ x, z, yaw, pitch }) => [x, z, yaw, pitch]),
      actions: ids.map((id) => {
        const { forward, rightward, yaw, pitch } = motionOf(id);
        return [forward, rightward, yaw, pitch];
      }),
    };
    before += length;
    return episode;
  });
}

export const numberStats = (
  states: readonly (readonly number[])[],
  actions: readonly (readonly number[])[],
  ids: readonly number[],
): Record<string, Stats> => ({
  [STATE]: vectorStats(states),
  [ACTION]: vectorStats(actions),
  [ACTION_ID]: vectorStats(ids.map((id) => [id])),
});

export const statsOfEpisode = ({ states, actions, ids, pictures }: Episode): Record<string, Stats> => ({
  ...numberStats(states, actions, ids),
  [CAMERA]: pictureStats(pictures),
});

export function aboutEpisode(
  { index, from, fromInFile, length, place }: Episode,
  images: boolean,
): Record<string, unknown> {
  const video = {
    [`videos/${CAMERA}/chunk_index`]: place.chunk,
    [`videos/${CAMERA}/file_index`]: place.file,
    [`videos/${CAMERA}/from_timestamp`]: fromInFile / FPS,
    [`videos/${CAMERA}/to_timestamp`]: (fromInFile + length) / FPS,
  };
  return {
    ...{ episode_index: index, tasks: [TASK], length },
    ...{ "data/chunk_index": place.chunk, "data/file_index": place.file },
    ...{ dataset_from_index: from, dataset_to_index: from + length },
    ...(images ? {} : video),
    ...{ "meta/episodes/chunk_index": 0, "meta/episodes/file_index": 0 },
  };
}

/** Columns of the episodes' table: what is known of each, and its statistics. */
export function episodeColumns(
  rows: readonly { about: Record<string, unknown>; stats: Record<string, Stats> }[],
): Record<string, Column> {
  const columns: Record<string, Column> = {};
  for (const name of Object.keys(rows[0].about)) {
    const values = rows.map(({ about }) => about[name]);
    if (name === "tasks") columns[name] = { kind: "text", depth: 1, values };
    else columns[name] = { kind: name.endsWith("timestamp") ? "float64" : "int64", values };
  }
  for (const [feature, stats] of Object.entries(rows[0].stats))
    for (const name of Object.keys(stats)) {
      const values = rows.map((row) => row.stats[feature][name]);
      const depth = feature === CAMERA && name !== "count" ? 3 : 1;
      columns[`stats/${feature}/${name}`] = { kind: name === "count" ? "int64" : "float64", depth, values };
    }
  return columns;
}
