import { UserError } from "../../util/errors.ts";
import { blankImage, type Image, pasteImage } from "./image.ts";
import { blendLayer, FONT_FAMILY, type Layer, svgToLayer } from "./svg.ts";
import { frameCount, mapFrames, type Video } from "./video.ts";

/** What is held down, as signs: forward (W, S), rightward (D, A), yaw (right, left), pitch (up, down). */
export interface HeldKeys {
  readonly forward: number;
  readonly rightward: number;
  readonly yaw: number;
  readonly pitch: number;
}

const FRAMES_PER_LATENT = 4;
const UNIT = 20; // one key and its gap, in SVG units
const KEY = 18;

type Cap = readonly [column: number, row: number, mark: string, held: (keys: HeldKeys) => boolean];

const CAPS: readonly Cap[] = [
  [1, 0, "W", (k) => k.forward > 0],
  [0, 1, "A", (k) => k.rightward < 0],
  [1, 1, "S", (k) => k.forward < 0],
  [2, 1, "D", (k) => k.rightward > 0],
  [5, 0, "up", (k) => k.pitch > 0],
  [4, 1, "left", (k) => k.yaw < 0],
  [5, 1, "down", (k) => k.pitch < 0],
  [6, 1, "right", (k) => k.yaw > 0],
];

const TURNS: Record<string, number> = { up: 0, right: 90, down: 180, left: 270 };

/** A letter, or for a direction an arrow head turned its way, centred on (0, 0). */
function markOf(mark: string, colour: string): string {
  if (mark in TURNS) return `<path d="M0 -4.2 L4.4 3.2 H-4.4 Z" fill="${colour}" transform="rotate(${TURNS[mark]})"/>`;
  return `<text y="4.1" text-anchor="middle" font-size="11.5" font-weight="600" fill="${colour}">${mark}</text>`;
}

function capOf([column, row, mark, held]: Cap, keys: HeldKeys): string {
  const on = held(keys);
  const fill = on
    ? `fill="#ffd24a" stroke="#5c4300"`
    : `fill="#10151d" fill-opacity=".42" stroke="#fff" stroke-opacity=".38"`;
  return `<g transform="translate(${column * UNIT + UNIT / 2} ${row * UNIT + UNIT / 2})">
    <rect x="${-KEY / 2}" y="${-KEY / 2}" width="${KEY}" height="${KEY}" rx="4" ${fill}/>
    ${markOf(mark, on ? "#2a1e00" : "rgba(255,255,255,.62)")}</g>`;
}

/** Both key clusters as one drawing, 7 keys wide and 2 high. */
function drawKeys(keys: HeldKeys, scale: number): Layer {
  const caps = CAPS.map((cap) => capOf(cap, keys)).join("");
  return svgToLayer(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${7 * UNIT}" height="${2 * UNIT}" font-family="${FONT_FAMILY}">${caps}</svg>`,
    scale,
  );
}

/** One entry a frame from one entry a latent: latent t >= 1 covers frames 4t-3 to 4t, latent 0 the first frame. */
function perFrame(held: readonly HeldKeys[], frames: number): readonly HeldKeys[] {
  if (held.length === frames) return held;
  const latents = (frames + FRAMES_PER_LATENT - 1) / FRAMES_PER_LATENT;
  if (held.length !== latents) {
    throw new UserError(
      `${held.length} actions for a video of ${frames} frames`,
      `give one action a frame (${frames}) or one a latent (frames = 4 * latents - 3)`,
    );
  }
  const still = { forward: 0, rightward: 0, yaw: 0, pitch: 0 };
  return Array.from({ length: frames }, (_, f) => (f === 0 ? still : held[Math.ceil(f / FRAMES_PER_LATENT)]));
}

const copyOf = (image: Image): Image => {
  const copy = blankImage(image.width, image.height, [0, 0, 0]);
  pasteImage(copy, image, 0, 0);
  return copy;
};

/**
 * Draws the keys W A S D and the arrow keys into the lower left corner of every frame, the held ones lit.
 *
 * @param video at least 160x96, so that the keys can be read: enlarge small frames with `upscaleVideo` first
 * @param held one entry a frame, or one a latent (frames = 4 * latents - 3; the first latent's action is not drawn,
 *   because it is the initial picture)
 */
export function overlayKeys(video: Video, held: readonly HeldKeys[]): Video {
  if (video.width < 160 || video.height < 96) {
    throw new UserError(
      `frames of ${video.width}x${video.height} are too small to draw keys into`,
      "enlarge the video first, for example upscaleVideo(video, 4)",
    );
  }
  const keys = perFrame(held, frameCount(video));
  const scale = Math.min(video.width * 0.46, video.height * 1.05) / (7 * UNIT);
  const layers = new Map<string, Layer>();
  return mapFrames(video, (frame, index) => {
    const { forward, rightward, yaw, pitch } = keys[index];
    const name = [forward, rightward, yaw, pitch].join();
    const layer = layers.get(name) ?? drawKeys(keys[index], scale);
    layers.set(name, layer);
    const image = copyOf(frame);
    blendLayer(image, layer, Math.round(6 * scale), image.height - layer.height - Math.round(6 * scale));
    return image;
  });
}
