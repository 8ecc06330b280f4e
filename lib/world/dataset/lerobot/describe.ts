/** What a set of ours says of itself: meta/info.json and the table of tasks. */
import type { Dataset } from "../read.ts";
import { ACTION, ACTION_ID, CAMERA, FPS, STATE, TASK } from "./episode.ts";
import { type Info, PATHS, VERSION } from "./format.ts";
import { type Column, encodeTable } from "./table.ts";

const TASKS: Record<string, Column> = {
  task_index: { kind: "int64", values: [0] },
  __index_level_0__: { kind: "text", values: [TASK] },
};

/** What pandas keeps beside a table: the tasks' names are its index. */
const PANDAS_INDEX = JSON.stringify({
  index_columns: ["__index_level_0__"],
  column_indexes: [
    { name: null, field_name: null, pandas_type: "unicode", numpy_type: "object", metadata: { encoding: "UTF-8" } },
  ],
  columns: [
    { name: "task_index", field_name: "task_index", pandas_type: "int64", numpy_type: "int64", metadata: null },
    { name: null, field_name: "__index_level_0__", pandas_type: "unicode", numpy_type: "object", metadata: null },
  ],
  creator: { library: "worldcompass", version: VERSION },
  pandas_version: "2.0.0",
});

export const tasksTable = (): Uint8Array => encodeTable(TASKS, { pandas: PANDAS_INDEX });

export function infoOf(dataset: Dataset, frames: number, chunks: number, images: boolean): Info {
  const { width, height } = dataset.manifest.description.world.camera;
  const video = {
    "video.height": height,
    "video.width": width,
    "video.codec": "h264",
    "video.pix_fmt": "yuv420p",
    "video.is_depth_map": false,
    "video.fps": FPS,
    "video.channels": 3,
    has_audio: false,
  };
  const picture = { shape: [height, width, 3], names: ["height", "width", "channels"] };
  const one = (dtype: string) => ({ dtype, shape: [1], names: null });
  return {
    codebase_version: VERSION,
    robot_type: `camera in ${dataset.manifest.description.world.name}`,
    ...{ total_episodes: dataset.trajectories, total_frames: frames, total_tasks: 1 },
    ...{ chunks_size: chunks, data_files_size_in_mb: 100, video_files_size_in_mb: 200 },
    fps: FPS,
    splits: { train: `0:${dataset.trajectories}` },
    data_path: PATHS.data,
    video_path: images ? null : PATHS.videos,
    features: {
      [CAMERA]: images ? { dtype: "image", ...picture } : { dtype: "video", ...picture, info: video },
      [STATE]: { dtype: "float32", shape: [4], names: ["x", "z", "yaw", "pitch"] },
      [ACTION]: { dtype: "float32", shape: [4], names: ["forward", "rightward", "yaw", "pitch"] },
      [ACTION_ID]: one("int64"),
      timestamp: one("float32"),
      frame_index: one("int64"),
      episode_index: one("int64"),
      index: one("int64"),
      task_index: one("int64"),
    },
  };
}
