/** What the opened backend can do at best: the rate of a large float32 matrix product. */
import type { Tfjs } from "./tfjs.ts";

export interface SpeedOptions {
  /** Rows and columns of both factors. */
  size?: number;
  /** How long to repeat the product, in seconds; the fastest repetition counts. */
  seconds?: number;
}

/** Measured GFLOP/s, 2 size^3 operations a product. */
export async function measureGflops(tf: Tfjs, { size = 1024, seconds = 1 }: SpeedOptions = {}): Promise<number> {
  const [a, b] = [0, 1].map((seed) =>
    tf.randomUniform<import("@tensorflow/tfjs").Rank.R2>([size, size], -1, 1, "float32", seed),
  );
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + 1000 * seconds;
  do {
    const start = performance.now();
    const product = tf.matMul(a, b);
    // Reading one value waits for the device without copying the whole product.
    const corner = tf.slice(product, [0, 0], [1, 1]);
    await corner.data();
    best = Math.min(best, performance.now() - start);
    tf.dispose([product, corner]);
  } while (performance.now() < end);
  tf.dispose([a, b]);
  return (2 * size ** 3) / (best * 1e6);
}
