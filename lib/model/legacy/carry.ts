/**
 * What a motion of the camera would make of pictures that are known. Ground and far scenery (background.ts): every pixel of
 * the clip to come looks up its ground point, or its direction above the horizon, in the oldest picture that shows it from
 * near enough. Solids (solids.ts): every pixel that shows one, by its depth (solid-depth), is drawn where the new camera sees
 * it. Ground and far scenery that no picture shows are continued (continued.ts). So the network need neither shift a ground
 * pattern by parts of a cell nor turn solids (a 3-D cache as a condition: GEN3C, arXiv 2503.03751).
 */
import { cameraAt, type Pose } from "../../world/camera.ts";
import { FRAMES_PER_LATENT, HEIGHT, WIDTH } from "../../world/config.ts";
import { paintBackground } from "./background.ts";
import { type Canvas, CELLS, FRAME_STRIDE, GROUP_SIZE, PIXEL_SHARE, PLACES } from "./canvas.ts";
import type { LatentPath } from "./condition.ts";
import { CLIP_CELLS, CLIP_LATENTS, LATENT_CELLS } from "./config.ts";
import { paintSolids } from "./solids.ts";
import { type Sight, type Source, sourceOf } from "./source.ts";

/** A clip as it would look. */
export interface CarriedClip {
  /** Folded groups of its four latents, [4, 12, 20, 192] in [-1, 1]; what no picture shows is filled from the nearest place. */
  groups: Float32Array;
  /** Of each cell, in the order of the tokens: the share of its pixels that a picture shows or continues, 0..1. [240] */
  known: Float32Array;
}

/** The camera between the ends of a latent's path. */
function poseAt({ start, end }: LatentPath, share: number): Pose {
  return {
    x: start.x + share * (end.x - start.x),
    z: start.z + share * (end.z - start.z),
    yaw: start.yaw + share * (end.yaw - start.yaw),
    pitch: start.pitch + share * (end.pitch - start.pitch),
  };
}

/**
 * @param path four latents
 * @param sights oldest first; at least one, the last that of the moment before
 * @param continued whether ground and far scenery that no picture shows are continued from what one does (continued.ts)
 */
export function carry(path: readonly LatentPath[], sights: readonly Sight[], continued = true): CarriedClip {
  const groups = new Float32Array(CLIP_LATENTS * GROUP_SIZE);
  const known = new Float32Array(CLIP_CELLS);
  const shown = new Uint8Array(HEIGHT * WIDTH);
  const sources = sights.map(sourceOf);
  let painted: { pose: Pose; base: number } | undefined;
  path.forEach((latent, i) => {
    for (let frame = 0; frame < FRAMES_PER_LATENT; frame++) {
      const pose = poseAt(latent, (frame + 1) / FRAMES_PER_LATENT);
      const base = i * GROUP_SIZE + frame * FRAME_STRIDE;
      if (painted && samePose(painted.pose, pose)) copyFrame(groups, painted.base, base);
      else paintFrame({ groups, base, shown }, pose, sources, continued);
      painted = { pose, base };
      for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++)
        if (shown[pixel] === 1) known[i * LATENT_CELLS + CELLS[pixel]] += PIXEL_SHARE;
    }
  });
  return { groups, known };
}

function paintFrame(canvas: Canvas, pose: Pose, sources: readonly Source[], continued: boolean): void {
  const camera = cameraAt(pose);
  paintBackground(canvas, camera, sources, continued);
  paintSolids(canvas, camera, sources);
}

const samePose = (a: Pose, b: Pose): boolean => a.x === b.x && a.z === b.z && a.yaw === b.yaw && a.pitch === b.pitch;

/** A camera that stands still sees the same again. */
function copyFrame(groups: Float32Array, from: number, to: number): void {
  for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++)
    for (let k = 0; k < 3; k++) groups[to + PLACES[pixel] + k] = groups[from + PLACES[pixel] + k];
}
