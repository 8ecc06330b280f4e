/** Keys and values of finished clips, turned to where and when they are in a target's context. */
import * as tf from "@tensorflow/tfjs-core";
import { joinFloats } from "../../util/arrays.ts";
import type { CameraTrajectory, Context } from "../context.ts";
import { type KeyValue, ropeRotation, rotate, swapHeads } from "./attention.ts";
import { clipTokens, type DitConfig } from "./config.ts";
import type { RawCache } from "./network.ts";
import { PLANES, rayAngles } from "./rays.ts";

/** Rows `clips[b]` of the caches, for every video b: one slot's keys and values, [B, tokens, H, 32], per block. */
function pickSlot(caches: readonly RawCache[], clips: readonly number[]): RawCache {
  const distinct = [...new Set(clips)];
  if (distinct.length === 1) return caches[distinct[0]];
  const rowsOf = distinct.map((clip) => clips.flatMap((c, b) => (c === clip ? [b] : [])));
  const order = rowsOf.flat();
  const back = clips.map((_, b) => order.indexOf(b));
  const pick = (block: number, part: keyof KeyValue): tf.Tensor => {
    const parts = distinct.map((clip, i) => tf.gather(caches[clip][block][part], rowsOf[i]));
    return tf.gather(tf.concat(parts, 0), back);
  };
  return caches[0].map((_, block) => ({ k: pick(block, "k"), v: pick(block, "v") }));
}

/** Angles of all slots of one video's context, [slots * tokens, 16]. */
const contextAngles = ({ slots }: Context, paths: readonly CameraTrajectory[], config: DitConfig): Float32Array =>
  joinFloats(
    slots.map(({ clip, time }) =>
      rayAngles(
        paths[clip].map(({ view }) => view),
        time,
        config,
      ),
    ),
  );

/**
 * @param caches of every finished clip, over all videos
 * @param contexts one per video, equally many slots each
 * @param paths of every video's clips
 * @param repeat copies of every row (candidates that share their context)
 * @returns per block [B * repeat, H, slots * tokens, 32]; empty without context; the caller disposes them
 */
export function assembleContext(
  caches: readonly RawCache[],
  contexts: readonly Context[],
  paths: readonly (readonly CameraTrajectory[])[],
  repeat: number,
  config: DitConfig,
): KeyValue[] {
  const slots = contexts[0].slots.length;
  if (slots === 0) return [];
  return tf.tidy(() => {
    const angles = joinFloats(contexts.map((context, i) => contextAngles(context, paths[i], config)));
    const rotation = ropeRotation(tf.tensor(angles, [contexts.length, slots * clipTokens(config.latent), PLANES]));
    const picked = Array.from({ length: slots }, (_, slot) =>
      pickSlot(
        caches,
        contexts.map((context) => context.slots[slot].clip),
      ),
    );
    const rows = Array.from({ length: contexts.length * repeat }, (_, i) => Math.floor(i / repeat));
    const repeated = (x: tf.Tensor): tf.Tensor => (repeat === 1 ? x : tf.gather(x, rows));
    const joined = (block: number, part: keyof KeyValue): tf.Tensor =>
      tf.concat(
        picked.map((cache) => cache[block][part]),
        1,
      );
    return caches[0].map((_, block) => ({
      k: repeated(swapHeads(rotate(joined(block, "k"), rotation))),
      v: repeated(swapHeads(joined(block, "v"))),
    }));
  });
}

export const disposeCache = (cache: readonly KeyValue[]): void => tf.dispose(cache.map(({ k, v }) => [k, v]));
