/** Key-value caches of a growing batch of videos, and the assembly of a target's context from them. */
import * as tf from "@tensorflow/tfjs-core";
import { type KeyValue, rotate, rotationOf, swapHeads } from "./attention.ts";
import type { LatentPath } from "./condition.ts";
import { CLIP_LATENTS, CLIP_TOKENS, LATENT_TOKENS } from "./config.ts";
import type { RawCache } from "./dit.ts";
import type { Context } from "./memory.ts";
import { clipAngles, PLANES } from "./rays.ts";

/** Rows `clip[b]` of the caches, for every video b: one slot's keys and values, [B, 60, H, 32], per block. */
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

/** Angles of all slots of one video's context, [slots * 60, 16]. */
function contextAngles({ slots }: Context, paths: readonly (readonly LatentPath[])[]): Float32Array {
  const size = CLIP_LATENTS * LATENT_TOKENS * PLANES;
  const out = new Float32Array(slots.length * size);
  slots.forEach(({ clip, time }, i) => {
    out.set(
      clipAngles(
        paths[clip].map(({ view }) => view),
        time,
      ),
      i * size,
    );
  });
  return out;
}

/**
 * Turns cached keys to where and when their clips are in the target's context.
 * @param contexts one per video, equally many slots each
 * @param repeat copies of every row (candidates that share their context)
 * @returns per block [B * repeat, H, slots * 60, 32]; the caller disposes them
 */
export function assembleContext(
  caches: readonly RawCache[],
  contexts: readonly Context[],
  paths: readonly (readonly (readonly LatentPath[])[])[],
  repeat: number,
): KeyValue[] {
  const slots = contexts[0].slots.length;
  if (slots === 0) return [];
  return tf.tidy(() => {
    const b = contexts.length;
    const angles = contexts.map((context, i) => contextAngles(context, paths[i]));
    const joined = new Float32Array(b * slots * CLIP_TOKENS * PLANES);
    angles.forEach((part, i) => {
      joined.set(part, i * part.length);
    });
    const rotation = rotationOf(tf.tensor(joined, [b, slots * CLIP_TOKENS, PLANES]));
    const picked = Array.from({ length: slots }, (_, slot) =>
      pickSlot(
        caches,
        contexts.map((c) => c.slots[slot].clip),
      ),
    );
    const rows = Array.from({ length: b * repeat }, (_, i) => Math.floor(i / repeat));
    const repeated = (x: tf.Tensor): tf.Tensor => (repeat === 1 ? x : tf.gather(x, rows));
    const joinSlots = (block: number, part: keyof KeyValue): tf.Tensor =>
      tf.concat(
        picked.map((cache) => cache[block][part]),
        1,
      );
    const keys = (block: number): tf.Tensor => repeated(swapHeads(rotate(joinSlots(block, "k"), rotation)));
    const values = (block: number): tf.Tensor => repeated(swapHeads(joinSlots(block, "v")));
    return caches[0].map((_, block) => ({ k: keys(block), v: values(block) }));
  });
}
