import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import type { NativeBackend } from "../../../lib/runtime/backend/addon.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { type CompiledFunction, compile } from "../../../lib/runtime/backend/compile.ts";
import { listTensors } from "../../../lib/runtime/backend/tensor-tree.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { assertClose, normal, trainingStep, trainingStepInputs } from "./compile-fixtures.ts";

type Loose = CompiledFunction<unknown[], unknown>;

describe("backend/compile on the native backend", function () {
  this.timeout(20_000);
  const compiled: Loose[] = [];
  const make = (fn: (...inputs: never[]) => unknown, options = {}): Loose => {
    const made = compile(fn as (...inputs: unknown[]) => unknown, options);
    compiled.push(made);
    return made;
  };

  before(async function () {
    const { name } = await openBackend();
    if (name === "wasm") this.skip();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => {
    for (const fn of compiled.splice(0)) fn.dispose();
    tf.engine().endScope();
  });

  it("computes a training step as the plain function does, over three steps", () => {
    const fast = make(trainingStep);
    let plain = trainingStepInputs();
    let graph = trainingStepInputs();
    for (let step = 2; step <= 4; step++) {
      const expected = trainingStep(...plain);
      const actual = fast(...graph) as typeof expected;
      // Graphs take more of oneDNN's kernels, and second moments square a gradient's rounding: 4e-5 is seen; with
      // TF_ENABLE_ONEDNN_OPTS=0 it is 6e-7.
      assertClose(listTensors(actual).tensors, listTensors(expected).tensors, 1e-4);
      plain = [expected[0], expected[1], { ...plain[2], step: tf.scalar(step) }];
      graph = [actual[0], actual[1], { ...graph[2], step: tf.scalar(step) }];
    }
    assert.equal(fast.graphs, 1);
  });

  it("gives the same bits on every call and in every compilation", () => {
    const inputs = trainingStepInputs();
    const runs = [make(trainingStep), make(trainingStep)].flatMap((fn) => [fn(...inputs), fn(...inputs)]);
    const bytes = runs.map((run) => listTensors(run).tensors.map((t) => t.dataSync()));
    for (const run of bytes.slice(1)) assert.deepEqual(run, bytes[0]);
  });

  it("returns inputs, constants and repeated results in the function's own structure", () => {
    const fn = make((x: tf.Tensor, { y }: { y: tf.Tensor }) => {
      const sum = tf.add(x, y);
      return { same: x, constant: tf.tensor1d([1, 2], "int32"), pair: [sum, { again: sum }] };
    });
    const out = fn(tf.tensor1d([1, 2]), { y: tf.scalar(3) }) as Record<string, never>;
    const { tensors, paths } = listTensors(out);
    assert.deepEqual(paths, ["same", "constant", "pair.0", "pair.1.again"]);
    const values = tensors.map((t) => Array.from(t.dataSync()));
    assert.deepEqual(values, [
      [1, 2],
      [1, 2],
      [4, 5],
      [4, 5],
    ]);
    assert.equal(tensors[1].dtype, "int32");
  });

  it("follows changed inputs, gather indices and all", () => {
    const fn = make((x: tf.Tensor2D, rows: tf.Tensor1D) => tf.gather(x, rows));
    const x = tf.tensor2d([[1], [2], [3]]);
    for (const rows of [
      [0, 1],
      [2, 0],
    ]) {
      const out = fn(x, tf.tensor1d(rows, "int32")) as tf.Tensor;
      assert.deepEqual(
        Array.from(out.dataSync()),
        rows.map((row) => row + 1),
      );
    }
  });

  it("computes with large tensors, of which recording holds one for each shape", () => {
    const fn = make((x: tf.Tensor2D) => {
      const rows = tf.cast(tf.argMax(x, 1), "int32") as tf.Tensor1D;
      return tf.gather(tf.softmax(tf.matMul(tf.sub(x, 1), tf.mul(x, 2), false, true)), rows);
    });
    const x = tf.tensor2d(normal([300, 300]), [300, 300]);
    const rows = tf.argMax(x, 1) as tf.Tensor1D;
    const expected = tf.gather(tf.softmax(tf.matMul(tf.sub(x, 1), tf.mul(x, 2), false, true)), rows);
    assertClose([fn(x) as tf.Tensor], [expected], 1e-4);
  });

  it("leaves no tensor behind but its result, and the caller's inputs alone", () => {
    const inputs = trainingStepInputs();
    const fn = make(trainingStep);
    const before = tf.memory().numTensors;
    const results = listTensors(fn(...inputs)).tensors;
    assert.equal(tf.memory().numTensors, before + results.length);
    tf.dispose(results);
    tf.dispose(listTensors(fn(...inputs)).tensors);
    assert.equal(tf.memory().numTensors, before);
    assert.ok(listTensors(inputs).tensors.every((t) => !t.isDisposed));
  });

  it("frees its graphs and refuses further calls once disposed", () => {
    const count = () => (tf.backend() as NativeBackend & { getNumOfSavedModels(): number }).getNumOfSavedModels();
    const before = count();
    const fn = compile((x: tf.Tensor) => tf.square(x), { name: "square" });
    fn(tf.scalar(2));
    assert.equal(count(), before + 1);
    fn.dispose();
    assert.equal(count(), before);
    assert.throws(() => fn(tf.scalar(2)), /square is disposed/);
  });

  it("names the input whose shape is new, and compiles it too when more signatures are allowed", () => {
    const square = ({ x }: { x: tf.Tensor }) => tf.square(x);
    const one = make(square);
    one({ x: tf.zeros([2, 3]) });
    assert.throws(() => one({ x: tf.zeros([4, 3]) }), /compiled for 0\.x: float32\[2,3\], given 0\.x: float32\[4,3\]/);
    assert.throws(() => one({ x: tf.zeros([2, 3], "int32") }), UserError);
    const two = make(square, { signatures: 2 });
    for (const rows of [2, 4]) assert.deepEqual((two({ x: tf.zeros([rows, 3]) }) as tf.Tensor).shape, [rows, 3]);
    assert.equal(two.graphs, 2);
  });

  const refused: [string, RegExp, (x: tf.Tensor) => unknown][] = [
    ["reading values", /values of a tensor are read/, (x) => tf.mul(x, x.dataSync()[0])],
    ["random numbers", /same thing twice/, (x) => tf.add(x, tf.randomNormal([2]))],
    ["variables", /variable captured is read/, (x) => tf.add(x, variable())],
    ["text", /string tensor/, (x) => [x, tf.tensor1d(["a"])]],
    ["tensors that are kept", /outlives the call/, (x) => tf.keep(tf.mul(tf.ones([300, 300]), tf.sum(x)))],
    ["results that are not tensors", /is number, not a tensor/, (x) => [x, 1]],
  ];
  for (const [what, message, fn] of refused) {
    it(`refuses ${what} inside the function, and the backend works on`, () => {
      const made = make(fn);
      const x = tf.tensor1d([1, 2]);
      assert.throws(
        () => made(x),
        (error: Error) => error instanceof UserError && message.test(error.message),
      );
      assert.deepEqual(Array.from(tf.square(x).dataSync()), [1, 4]);
    });
  }

  it("refuses numbers as inputs", () => {
    const fn = make((x: tf.Tensor, rate: number) => tf.mul(x, rate));
    assert.throws(() => fn(tf.scalar(1), 0.5), /1 is number, not a tensor/);
  });
});

let captured: tf.Variable | undefined;
function variable(): tf.Variable {
  captured ??= tf.variable(tf.scalar(1), true, "captured");
  return captured;
}

describe("backend/compile on every other backend", () => {
  it("says that it runs the function as it is, and does", async () => {
    const { name: usual } = await openBackend();
    await openBackend({ prefer: "wasm" });
    const lines: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = (line: string) => lines.push(line) > 0;
    try {
      const fn = compile((x: tf.Tensor) => tf.square(x), { name: "square" });
      assert.deepEqual(Array.from(fn(tf.tensor1d([2, 3])).dataSync()), [4, 9]);
      fn(tf.scalar(normal([1])[0]));
    } finally {
      process.stderr.write = write;
      await openBackend({ prefer: usual });
    }
    assert.equal(lines.filter((line) => /square is not compiled: backend wasm/.test(line)).length, 1);
  });
});
