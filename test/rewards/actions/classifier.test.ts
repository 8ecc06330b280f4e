import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { initParams } from "../../../lib/model/nn/params.ts";
import { DESIGNS, headSpec, loadClassifier, makeClassifier } from "../../../lib/rewards/actions/classifier.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { publishClassifier } from "../../../lib/training/actions/publish.ts";
import { classifierTraining } from "../../../lib/training/actions/train.ts";
import { joinBytes } from "../../../lib/util/arrays.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { cameraOf, latentOf, picture } from "./scene.ts";

const CAMERA = cameraOf("turns");
const clipOf = (action: number): Uint8Array =>
  joinBytes(latentOf({ x: 0, z: 0, yaw: 0, pitch: 0 }, action).map((pose) => picture(CAMERA, pose)));
const CLIPS = [9, 1, 45].map(clipOf);

describe("action classifiers", () => {
  let dir: string;
  before(() => openBackend());
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "classifier-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("read a clip the same alone and among others, and leave no tensor behind", () => {
    const [design] = DESIGNS;
    const params = initParams(headSpec(design, CAMERA), 3);
    const estimator = makeClassifier("test", design, CAMERA, params, "");
    // More groups than one call takes.
    const many = estimator.read(Array.from({ length: 21 }, (_, i) => CLIPS[i % 3]));
    const tensors = tf.memory().numTensors;
    const alone = estimator.read([CLIPS[2]]);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(many[20], alone[0]);
    assert.equal(alone[0].translation.length, 4 * 9);
    const sum = alone[0].rotation.subarray(0, 9).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5);
  });

  it("are shipped and loaded; other folders are refused", () => {
    const design = DESIGNS[1];
    const params = initParams(headSpec(design, CAMERA), 3);
    const card = { world: "test", tokeniser: "", purpose: "A test.", latents: 1 };
    publishClassifier(dir, design, CAMERA, params, classifierTraining.parse({}), card);
    assert.equal(loadClassifier(dir).name, design.name);
    assert.throws(() => loadClassifier("checkpoints/none"), UserError);
  });
});
