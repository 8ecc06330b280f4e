import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { filtered } from "../../lib/objective/filtered.ts";
import { NFT_DEFAULTS, type NftConfig, nft } from "../../lib/objective/nft.ts";
import type { Objective } from "../../lib/objective/objective.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { gradientOf, nftReference, type Point } from "./reference.ts";
import { evaluate, inputsOf } from "./tensors.ts";

const SIZE = 6;
const MASK = [0, 1, 1, 1, 1, 1];

/** A random point: noisy sample of random data, and three policies near the true velocity. */
function pointOf(seed: number): Point {
  const rng = Rng.of(seed, "point");
  const normals = (scale: number): number[] => Array.from(rng.normals(SIZE), (v) => Math.fround(scale * v));
  const [x0, eps, sigma] = [normals(1), normals(1), rng.uniform(0.05, 0.95)];
  const near = (): number[] => normals(0.3).map((d, i) => eps[i] - x0[i] + d);
  const xt = x0.map((x, i) => (1 - sigma) * x + sigma * eps[i]);
  return { xt, sigma, x0, vOld: near(), vTheta: near(), vReference: near(), r: rng.uniform(), mask: MASK };
}

/** Float32 against float64: relative to the largest number compared. */
function assertClose(actual: readonly number[], expected: readonly number[], tolerance = 3e-5): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  assert.equal(actual.length, expected.length);
  actual.forEach((a, i) => {
    assert.ok(Math.abs(a - expected[i]) <= tolerance * scale, `${i}: ${a} instead of ${expected[i]}`);
  });
}

const nftOptions = fc.record({
  beta: fc.double({ min: 0.05, max: 2, noNaN: true }),
  adaptiveWeight: fc.boolean(),
  oldPolicy: fc.constantFrom("true" as const, "stop-gradient" as const),
  positiveOnly: fc.boolean(),
  klWeight: fc.constantFrom(0, 0.5),
});

describe("objectives", () => {
  before(async () => {
    await openBackend();
  });

  it("NFT equals its float64 reference, loss and gradient, under all options", () => {
    const check = (config: NftConfig, seed: number): void => {
      const points = [0, 1, 2].map((i) => pointOf(3 * seed + i));
      const objective = nft(config);
      const { loss, gradient } = evaluate(objective, inputsOf(points));
      assertClose(
        loss,
        points.map((p) => nftReference(p, config)),
      );
      const expected = points.flatMap((p) => gradientOf((q) => nftReference(q, config, p), p));
      assertClose(gradient, expected, 1e-4);
    };
    fc.assert(fc.property(nftOptions, fc.nat(1e6), check), { numRuns: 60 });
  });

  /** Loss = sigma^2 (|e|^2 + beta^2 |d|^2 + 2 beta (2 r - 1) e.d), e = v_old - v, d = v_theta - v_old. */
  it("NFT without adaptive weight has the expansion of arXiv 2509.16117", () => {
    const check = (beta: number, seed: number): void => {
      const point = pointOf(seed);
      const { xt, x0, sigma, vOld, vTheta, r } = point;
      const objective = nft({ beta, adaptiveWeight: false });
      const { loss } = evaluate(objective, inputsOf([point]));
      let [ee, dd, ed] = [0, 0, 0];
      MASK.forEach((m, i) => {
        const [e, d] = [vOld[i] - (xt[i] - x0[i]) / sigma, vTheta[i] - vOld[i]];
        ee += (m * e * e) / 5;
        dd += (m * d * d) / 5;
        ed += (m * e * d) / 5;
      });
      assertClose(loss, [sigma ** 2 * (ee + beta ** 2 * dd + 2 * beta * (2 * r - 1) * ed)]);
    };
    fc.assert(fc.property(fc.double({ min: 0.1, max: 2, noNaN: true }), fc.nat(1e6), check), { numRuns: 50 });
  });

  it("with the old policy overwritten by the current one the gradient is (2 r - 1) that of flow matching", () => {
    const check = (seed: number): void => {
      const point = pointOf(seed);
      const objective = nft({ adaptiveWeight: false, oldPolicy: "stop-gradient" });
      const { gradient } = evaluate(objective, inputsOf([point]));
      const flowMatching = gradientOf((p) => {
        const errors = p.mask.map((m, i) => m * (p.sigma * (p.vTheta[i] - (p.xt[i] - p.x0[i]) / p.sigma)) ** 2);
        return errors.reduce((a, b) => a + b) / 5;
      }, point);
      assertClose(
        gradient,
        flowMatching.map((g) => (2 * point.r - 1) * g),
        1e-4,
      );
    };
    fc.assert(fc.property(fc.nat(1e6), check), { numRuns: 50 });
  });

  it("what the mask leaves out has no influence", () => {
    const point = pointOf(9);
    const other = { ...point, xt: [99, ...point.xt.slice(1)], vTheta: [-7, ...point.vTheta.slice(1)] };
    const objective = nft();
    const [a, b] = [point, other].map((p) => evaluate(objective, inputsOf([p])));
    assert.deepEqual(a.loss, b.loss);
    assert.equal(b.gradient[0], 0);
  });

  it("equal loss and gradient as PyTorch", () => {
    for (const { name, objective, points, loss, gradient } of goldenCases()) {
      const actual = evaluate(objective, inputsOf(points));
      assert.doesNotThrow(() => assertClose(actual.loss, loss), name);
      assert.doesNotThrow(() => assertClose(actual.gradient, gradient), name);
    }
  });

  it("bad options are refused", () => {
    assert.throws(() => nft({ beta: 0 }), UserError);
    assert.throws(() => nft({ klWeight: -1 }), UserError);
    assert.throws(() => nft({ beta: Infinity }), /beta is Infinity/);
    assert.throws(() => nft({ bta: 1 } as object), /there is no bta\n.*did you mean beta/);
    assert.throws(() => nft({ oldPolicy: "none" } as object), /oldPolicy is "none"/);
    assert.throws(() => nft({ adaptiveWeight: 1 } as object), /adaptiveWeight is 1/);
    const withKl = nft({ klWeight: 1 });
    const inputs = { ...inputsOf([pointOf(1)]), vReference: undefined };
    assert.throws(() => withKl.loss(inputs), /without a reference/);
    assert.deepEqual(NFT_DEFAULTS.klWeight, 0);
  });
});

interface GoldenCase {
  name: string;
  objective: Objective;
  points: Point[];
  loss: number[];
  gradient: number[];
}

/** What test/golden/make_objective_golden.py wrote; a sample's numbers are flattened. */
function goldenCases(): GoldenCase[] {
  const golden = JSON.parse(readFileSync("test/golden/objective.json", "utf8"));
  const [b, n, c] = golden.shape;
  const row = (key: string, i: number): number[] => golden.tensors[key].slice(i * n * c, (i + 1) * n * c);
  const points = Array.from({ length: b }, (_, i) => ({
    ...Object.fromEntries(["xt", "x0", "vOld", "vTheta", "vReference"].map((key) => [key, row(key, i)])),
    sigma: golden.sigma[i],
    r: golden.optimality[i],
    mask: golden.mask.flatMap((m: number) => new Array(c).fill(m)),
  })) as Point[];
  return golden.cases.map(({ objective, options, loss, gradient }: GoldenCase & { options: object }) => ({
    name: `${objective} ${JSON.stringify(options)}`,
    objective: nft(options),
    points,
    loss,
    gradient,
  }));
}

describe("filtered fine-tuning", () => {
  before(() => openBackend());

  it("is plain flow matching on samples above their group's mean, and nothing for the others", () => {
    for (let seed = 0; seed < 5; seed++) {
      const point = pointOf(seed);
      const velocity = point.xt.map((x, i) => (x - point.x0[i]) / point.sigma);
      const counted = velocity.flatMap((v, i) => (MASK[i] === 1 ? [(point.vTheta[i] - v) ** 2] : []));
      const expected = counted.reduce((a, b) => a + b, 0) / counted.length;
      const lossOf = (r: number): number => evaluate(filtered(), inputsOf([{ ...point, r }])).loss[0];
      assertClose([lossOf(0.9)], [expected]);
      assert.equal(lossOf(0.5), 0);
      assert.equal(lossOf(0.1), 0);
    }
  });
});
