/** A tree to look at: its branches side by side, each under its rewards. */
import {
  blankImage,
  frameAt,
  frameCount,
  pasteImage,
  sideBySide,
  upscaleVideo,
  type Video,
  videoOf,
} from "../display/media/index.ts";
import { joinBytes } from "../util/arrays.ts";
import { FRAME_BYTES, HEIGHT, WIDTH } from "../world/index.ts";
import type { ScoredTree } from "./score.ts";

export interface TreeVideoOptions {
  /** Heading of each branch; default: its number and its rewards. */
  labels?: readonly string[];
  /** Branches shown, in this order; default: all, as they were made. */
  order?: readonly number[];
  /** Videos of a row. */
  columns?: number;
  /** Whole factor by which frames are enlarged. */
  scale?: number;
  fps?: number;
}

const WHITE = [255, 255, 255] as const;

/** A branch's own clips as one video, from the frame before them. */
export function branchFrames({ clips }: ScoredTree, branch: number): Uint8Array {
  const own = clips[branch];
  return joinBytes(own.map(({ frames }, i) => (i === 0 ? frames : frames.subarray(FRAME_BYTES))));
}

const headingOf = ({ rewards }: ScoredTree, branch: number): string =>
  `${branch + 1}:  ${rewards.map((scores) => scores[branch].toFixed(2)).join("  ")}`;

/** Videos of equal length and height, one above the other; narrower ones are filled up with white. */
function stacked(rows: readonly Video[]): Video {
  const width = Math.max(...rows.map((row) => row.width));
  const height = rows.reduce((sum, row) => sum + row.height, 0);
  const frames = Array.from({ length: frameCount(rows[0]) }, (_, f) => {
    const image = blankImage(width, height, [...WHITE]);
    rows.reduce((top, row) => {
      pasteImage(image, frameAt(row, f), 0, top);
      return top + row.height;
    }, 0);
    return image;
  });
  return videoOf(frames, rows[0].fps);
}

export function treeVideo(tree: ScoredTree, options: TreeVideoOptions = {}): Video {
  const { columns = 6, scale = 2, fps = 16 } = options;
  const order = options.order ?? tree.clips.map((_, branch) => branch);
  const labels = order.map((branch, i) => options.labels?.[i] ?? headingOf(tree, branch));
  const videos = order.map((branch) =>
    upscaleVideo({ frames: branchFrames(tree, branch), width: WIDTH, height: HEIGHT, fps }, scale),
  );
  const rows: Video[] = [];
  for (let i = 0; i < videos.length; i += columns) {
    rows.push(sideBySide(videos.slice(i, i + columns), { labels: labels.slice(i, i + columns) }));
  }
  return stacked(rows);
}
