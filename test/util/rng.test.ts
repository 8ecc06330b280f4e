import assert from "node:assert/strict";
import fc from "fast-check";
import { hashKey, Rng } from "../../lib/util/rng.ts";
import { readGolden } from "../golden/golden.ts";

interface Golden {
  streams: { key: (string | number)[]; bits: number[]; normals: number[] }[];
}

const key = fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 4 });
const draws = (rng: Rng, n: number): number[] => Array.from({ length: n }, () => rng.bits());

/** The share of equal bits of two streams. */
function agreement(a: Rng, b: Rng, words: number): number {
  let equal = 0;
  for (let i = 0; i < words; i++) {
    for (let x = ~(a.bits() ^ b.bits()); x !== 0; x &= x - 1) equal++;
  }
  return equal / (32 * words);
}

/** Pearson's chi-squared of counts that should be equal. */
function chiSquared(counts: number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("Rng", () => {
  it("gives the recorded streams (test/golden/portable_rng.py)", () => {
    for (const { key, bits, normals } of readGolden<Golden>("rng").streams) {
      assert.deepEqual(draws(Rng.of(...key), 6), bits, JSON.stringify(key));
      const rng = Rng.of(...key);
      // Logarithms and sines may differ in their last bits between implementations.
      for (const normal of normals) assert.ok(Math.abs(rng.normal() - normal) < 1e-12);
    }
  });

  it("the same key is the same stream; a stream does not depend on the draws of another", () => {
    fc.assert(
      fc.property(key, key, fc.nat(20), (one, two, extra) => {
        const plain = draws(Rng.of(...one), 5);
        const [first, other] = [Rng.of(...one), Rng.of(...two)];
        const mixed = plain.map(() => {
          draws(other, extra);
          return first.bits();
        });
        assert.deepEqual(mixed, plain);
      }),
    );
  });

  it("numbers, texts and the places where a key is divided tell streams apart", () => {
    const keys = [[1], ["1"], [1, 1], [11], ["1", 1], [1, "1"], ["1,1"], [], [""], ["", ""], [0], [-0.5], [-1], [1e21]];
    assert.equal(new Set(keys.map((k) => hashKey(...k))).size, keys.length);
    assert.equal(new Set(Array.from({ length: 20_000 }, (_, i) => hashKey(3, "pretrain", i))).size, 20_000);
  });

  it("streams of neighbouring keys agree in half of their bits", () => {
    for (let i = 0; i < 20; i++) {
      const share = agreement(Rng.of(0, "step", i), Rng.of(0, "step", i + 1), 2000);
      // 64 000 fair coins: standard deviation 0.002.
      assert.ok(Math.abs(share - 0.5) < 0.01, `${i}: ${share}`);
    }
  });

  it("uniform numbers fill their range evenly, and successive ones are not related", () => {
    const rng = Rng.of("uniform");
    const [counts, pairs] = [new Array<number>(100).fill(0), new Array<number>(100).fill(0)];
    let last = 0;
    for (let i = 0; i < 100_000; i++) {
      const u = rng.uniform();
      assert.ok(u >= 0 && u < 1);
      counts[Math.floor(100 * u)]++;
      pairs[10 * Math.floor(10 * last) + Math.floor(10 * u)]++;
      last = u;
    }
    // Chi-squared with 99 degrees of freedom exceeds 161 once in 10 000 seeds.
    for (const table of [counts, pairs]) assert.ok(chiSquared(table) < 161, `${chiSquared(table)}`);
  });

  it("normal numbers have the moments and the tails of a normal distribution", () => {
    const values = Rng.of("normal").normals(200_000);
    const moment = (power: number): number => values.reduce((sum, x) => sum + x ** power, 0) / values.length;
    const beyond = (limit: number): number => values.filter((x) => Math.abs(x) > limit).length / values.length;
    // Standard errors at 200 000: 0.0022, 0.0032, 0.0087 and 0.022; 0.0005 and 0.0001 for the tails.
    for (const [power, expected, error] of [
      [1, 0, 0.01],
      [2, 1, 0.015],
      [3, 0, 0.04],
      [4, 3, 0.1],
    ]) {
      assert.ok(Math.abs(moment(power) - expected) < error, `moment ${power}: ${moment(power)}`);
    }
    assert.ok(Math.abs(beyond(2) - 0.0455) < 0.0025 && Math.abs(beyond(3) - 0.0027) < 0.0006);
  });

  it("the two normals of a pair are not related", () => {
    const values = Rng.of("pairs").normals(100_000);
    let product = 0;
    for (let i = 0; i < values.length; i += 2) product += values[i] * values[i + 1];
    assert.ok(Math.abs(product / (values.length / 2)) < 0.02);
  });

  it("integers and choices come out in proportion", () => {
    const rng = Rng.of("integers");
    const [ints, picks] = [
      [0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0],
    ];
    for (let i = 0; i < 70_000; i++) {
      ints[rng.int(7)]++;
      picks[["a", "b", "c"].indexOf(rng.pick(["a", "b", "c"]))]++;
    }
    // Degrees of freedom 6 and 2: exceeded once in 10 000 seeds.
    assert.ok(chiSquared(ints) < 27.9 && chiSquared(picks) < 18.5);
  });

  it("shuffling keeps the items, leaves the original alone, and makes every order equally likely", () => {
    const rng = Rng.of("shuffle");
    const items = Object.freeze([1, 2, 3, 4]);
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = rng.shuffled(items);
      assert.deepEqual([...order].sort(), items);
      orders.set(order.join(), (orders.get(order.join()) ?? 0) + 1);
    }
    assert.equal(orders.size, 24);
    // 23 degrees of freedom: exceeded once in 10 000 seeds.
    assert.ok(chiSquared([...orders.values()]) < 57);
  });

  it("ranges hold for any bounds", () => {
    const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(key, bound, bound, fc.integer({ min: 1, max: 2 ** 31 }), (name, a, b, n) => {
        const rng = Rng.of(...name);
        const [low, high] = [Math.min(a, b), Math.max(a, b) + 1];
        for (let i = 0; i < 20; i++) {
          const u = rng.uniform(low, high);
          const k = rng.int(n);
          assert.ok(u >= low && u < high && Number.isInteger(k) && k >= 0 && k < n);
        }
      }),
    );
  });
});
