import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import type { Addon, NativeBackend } from "../../../lib/runtime/backend/addon.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { compile } from "../../../lib/runtime/backend/compile.ts";
import { savedModel } from "../../../lib/runtime/backend/graph-def.ts";
import { GraphNodes, NotRepeated } from "../../../lib/runtime/backend/graph-nodes.ts";
import { traceGraph } from "../../../lib/runtime/backend/graph-trace.ts";
import { inferShape } from "../../../lib/runtime/backend/infer-shape.ts";

const FLOAT = 1;

const floats = (...values: number[]) => ({
  dtype: FLOAT,
  shape: [values.length],
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

describe("backend/graph-nodes", () => {
  it("has one node for equal constants, and one each for those that differ in a bit", () => {
    const nodes = new GraphNodes();
    const names = [floats(1, 2), floats(1, 2), floats(0, 2), floats(-0, 2)].map((value) => nodes.constant(value));
    assert.equal(names[0], names[1]);
    assert.deepEqual([new Set(names).size, nodes.list.length], [3, 3]);
  });

  it("writes a large tensor of one number as that number", () => {
    const nodes = new GraphNodes();
    const values = new Array<number>(1 << 16).fill(0.1);
    const names = [floats(...values), floats(...values)].map((value) => nodes.constant(value));
    assert.equal(names[0], names[1]);
    assert.ok(savedModel(nodes.list).length < 1000);
    nodes.constant(floats(...values.slice(1), 0.2));
    assert.ok(savedModel(nodes.list).length > 4 * values.length);
  });

  it("refuses, of a second recording, the first node that differs", () => {
    const first = new GraphNodes();
    for (const value of [1, 2]) first.constant(floats(value));
    const again = new GraphNodes(first.list);
    again.constant(floats(1));
    assert.throws(() => again.constant(floats(3)), NotRepeated);
    assert.throws(() => [2, 3].map((value) => again.constant(floats(value))), NotRepeated, "a node more");
  });
});

describe("backend/graph-trace on the native backend", () => {
  before(async function () {
    const { name } = await openBackend();
    if (name === "wasm") this.skip();
  });

  /** Runs `fn` with the addon watched. */
  function watch(fn: () => unknown, seen: (call: Parameters<Addon["executeOp"]>, shape: number[]) => void): void {
    const backend = tf.backend() as NativeBackend;
    const { binding } = backend;
    const executeOp: Addon["executeOp"] = (...call) => {
      const results = binding.executeOp(...call);
      seen(call, results[0].shape);
      return results;
    };
    backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
    try {
      tf.tidy(() => void fn());
    } finally {
      backend.binding = binding;
    }
  }

  const [a, b] = [
    [2, 1, 3, 4],
    [5, 3, 4],
  ];
  const cases: [string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor, number[], number[]][] = [
    ["Add", tf.add, a, b],
    ["Sub", tf.sub, b, a],
    ["Mul", tf.mul, a, []],
    ["RealDiv", tf.div, [1], b],
    ["Exp", (x) => tf.exp(x), a, b],
    ["Square", (x) => tf.square(x), b, a],
    ["BatchMatMulV2", (x, y) => tf.matMul(x, y, false, true), a, [2, 5, 6, 4]],
    ["BatchMatMulV2", (x, y) => tf.matMul(x, y, true), b, [5, 3, 6]],
    ["BatchMatMulV2", (x, y) => tf.matMul(x, y), [3, 4], [4, 7]],
  ];
  for (const [op, run, left, right] of cases)
    it(`foresees what ${op} of [${left}] and [${right}] gives`, () => {
      const operands = [tf.ones(left), tf.ones(right)];
      let found = false;
      watch(
        () => run(operands[0], operands[1]),
        ([name, attributes, inputs], shape) => {
          if (name !== op) return;
          found = true;
          const shapes = [left, right].slice(0, inputs.length);
          assert.deepEqual(inferShape(name, attributes, shapes), [{ shape, dtype: FLOAT }]);
        },
      );
      assert.ok(found);
    });

  it("does not compute large products while it records, nor anything large the second time", () => {
    const x = tf.ones([300, 300]) as tf.Tensor2D;
    const fn = () => tf.relu(tf.matMul(x, x));
    const executed = (earlier?: ReturnType<typeof traceGraph>): string[] => {
      const ops: string[] = [];
      watch(
        () => traceGraph(fn, [x], earlier),
        ([op]) => ops.push(op),
      );
      return ops;
    };
    assert.ok(!executed().includes("BatchMatMulV2"));
    assert.ok(executed().includes("Relu"));
    assert.ok(!executed(traceGraph(fn, [x])).includes("Relu"));
    x.dispose();
  });

  it("takes the gradient of a sum, whose ones are large, as it is", () => {
    const gradient = compile((x: tf.Tensor) => tf.grad((t: tf.Tensor) => tf.sum(tf.mul(tf.sum(t, -1, true), t)))(x));
    const x = tf.fill([300, 300], 0.5);
    const [actual] = [gradient(x).dataSync()];
    assert.ok(actual.every((value) => value === 300));
    gradient.dispose();
  });
});
