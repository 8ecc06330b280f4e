import { UserError } from "../../util/errors.ts";
import { blankImage, type Image, pasteImage, type Rgb } from "./image.ts";
import { blendLayer, escapeMarkup, FONT_FAMILY, type Layer, svgToLayer } from "./svg.ts";
import { frameAt, frameCount, type Video, videoOf } from "./video.ts";

const WHITE: Rgb = [255, 255, 255];
const even = (n: number): number => n + (n % 2); // H.264 with 4:2:0 chroma needs even sizes

export interface SideBySideOptions {
  /** A heading above each video; none when left out. */
  labels?: readonly string[];
  /** Pixels between videos; default 8. */
  gap?: number;
}

const FONT_SIZE = 14;
/** Width of a letter, as a share of the font's size. */
const LETTER = 0.58;

/** Small enough for the longest heading to stand above its video. */
const fontSize = (labels: readonly string[], width: number): number =>
  Math.min(FONT_SIZE, width / (LETTER * Math.max(...labels.map(({ length }) => length))));

function drawHeadings(labels: readonly string[], width: number, gap: number, height: number): Layer {
  const texts = labels.map(
    (label, i) => `<text x="${i * (width + gap) + 1}" y="${height - 8}">${escapeMarkup(label)}</text>`,
  );
  const total = labels.length * (width + gap);
  return svgToLayer(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total}" height="${height}" font-family="${FONT_FAMILY}"
      font-size="${fontSize(labels, width)}" font-weight="600" fill="#1f2933">${texts.join("")}</svg>`,
  );
}

function checkAlike(videos: readonly Video[], labels: readonly string[] | undefined): void {
  if (videos.length === 0) throw new UserError("no video to put side by side", "give one or more");
  for (const { width, height, fps } of videos) {
    const [a, b] = [
      `${width}x${height} at ${fps} fps`,
      `${videos[0].width}x${videos[0].height} at ${videos[0].fps} fps`,
    ];
    if (a !== b) throw new UserError(`a video is ${a}, the first is ${b}`, "give all of them one size and rate");
  }
  if (labels && labels.length !== videos.length) {
    throw new UserError(`${labels.length} labels for ${videos.length} videos`, "give one label a video");
  }
}

/** Plays videos of one size next to each other; a shorter one stays on its last frame. */
export function sideBySide(videos: readonly Video[], { labels, gap = 8 }: SideBySideOptions = {}): Video {
  checkAlike(videos, labels);
  const { width, height, fps } = videos[0];
  const top = labels ? 28 : 0;
  const background = blankImage(even(videos.length * (width + gap) - gap), even(top + height), WHITE);
  if (labels) blendLayer(background, drawHeadings(labels, width, gap, top));
  const compose = (index: number): Image => {
    const image = { ...background, pixels: background.pixels.slice() };
    for (const [i, video] of videos.entries()) {
      pasteImage(image, frameAt(video, Math.min(index, frameCount(video) - 1)), i * (width + gap), top);
    }
    return image;
  };
  const length = Math.max(...videos.map(frameCount));
  return videoOf(
    Array.from({ length }, (_, index) => compose(index)),
    fps,
  );
}
