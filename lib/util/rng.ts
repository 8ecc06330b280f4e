/**
 * The one random number generator: sfc32 (Doty-Humphrey's small fast counter generator), seeded by hashing a run's
 * seed and a stream name, so that drawing more numbers in one place never shifts the numbers of another.
 */

const TWO_PI = 2 * Math.PI;

/** Murmur3's 32-bit finaliser: every input bit reaches every output bit. */
const mix = (h: number): number => {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** A 32-bit hash of a list of names and numbers; stable across platforms. */
export function hashKey(...key: (string | number)[]): number {
  let h = 0x9e3779b9;
  for (const ch of key.map((part) => `${typeof part}:${part}`).join("\u0000")) {
    h = mix(h ^ (ch.codePointAt(0) as number));
  }
  return h;
}

/**
 * Random numbers by name: the stream of a key, so that drawing more in one place never shifts another's.
 * @example
 * ```ts
 * import { Rng } from "worldcompass";
 * console.log(Rng.of(7, "noise").int(100) === Rng.of(7, "noise").int(100)); // => true
 * ```
 */
export class Rng {
  private state: Uint32Array<ArrayBuffer>;
  private spare: number | undefined;

  private constructor(state: Uint32Array<ArrayBuffer>) {
    this.state = state;
  }

  /** The stream named by `key` (for example `Rng.of(seed, "noise", iteration)`). */
  static of(...key: (string | number)[]): Rng {
    const h = hashKey(...key);
    const rng = new Rng(Uint32Array.of(h, mix(h + 1), mix(h + 2), 1));
    for (let i = 0; i < 12; i++) rng.bits();
    return rng;
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const s = this.state;
    const t = (((s[0] + s[1]) >>> 0) + s[3]) >>> 0;
    s[3]++;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = (s[2] << 21) | (s[2] >>> 11);
    s[2] += t;
    return t;
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.bits() / 4294967296);
  }

  /** Uniform integer in [0, n). */
  int(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = TWO_PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** A new Float32Array of `n` standard normals. */
  normals(n: number): Float32Array {
    const out = new Float32Array(n);
    for (let i = 0; i < n; i++) out[i] = this.normal();
    return out;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)];
  }

  /** A new array with the items in random order (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
}
