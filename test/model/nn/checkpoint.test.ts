import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { loadParams, type ParamsOptions, saveParams, sha256Of } from "../../../lib/model/nn/checkpoint.ts";
import type { Params } from "../../../lib/model/nn/params.ts";
import { loadPublished, publish, readConfig } from "../../../lib/model/nn/published.ts";
import { replaceFolder } from "../../../lib/model/nn/replace.ts";
import { refuseOtherRecipe, shippedFolder } from "../../../lib/model/nn/shipped.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { fromRoot } from "../../../lib/util/root.ts";

const SHAPES = { "enc.w": { shape: [2, 3] }, "enc.b": { shape: [3] } };

describe("checkpoints", () => {
  let root: string;
  let params: Params;
  let path: string;
  before(async () => {
    await openBackend();
    root = mkdtempSync(join(tmpdir(), "checkpoint-"));
    path = join(root, "some", "model.safetensors");
    params = { "enc.w": tf.tensor2d([1, -0, Math.fround(0.1), 1e-40, 3e38, Infinity], [2, 3]), "enc.b": tf.ones([3]) };
  });
  beforeEach(() => saveParams(path, params, { step: "7" }));
  after(() => rmSync(root, { recursive: true }));

  const failure = (file: string, options?: ParamsOptions): UserError => {
    try {
      loadParams(file, options);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error;
    }
    return assert.fail("it was loaded");
  };

  it("give back names in order, shapes, every bit, and metadata; and leave no other file", () => {
    const { params: back, metadata } = loadParams(path, { expect: SHAPES, sha256: sha256Of(readFileSync(path)) });
    assert.deepEqual(Object.keys(back), ["enc.w", "enc.b"]);
    for (const name of ["enc.w", "enc.b"]) {
      assert.deepEqual(back[name].shape, params[name].shape);
      assert.deepEqual([...back[name].dataSync()], [...params[name].dataSync()]);
    }
    assert.deepEqual(metadata, { step: "7" });
    assert.deepEqual(readdirSync(join(root, "some")), ["model.safetensors"]);
  });

  it("a missing file, another hash and a truncated file are named", () => {
    assert.match(failure(join(root, "nowhere")).problem, /^no checkpoint at .*nowhere$/);
    assert.match(failure(path, { sha256: "00" }).problem, /has SHA-256 [0-9a-f]{64}, its config says 00$/);
    writeFileSync(path, readFileSync(path).subarray(0, 100));
    assert.match(failure(path).problem, /model\.safetensors is not a sound safetensors file: it ends inside/);
  });

  it("every difference of names and shapes is named at once", () => {
    const { problem, mend } = failure(path, {
      expect: { "enc.w": { shape: [3, 2] }, "dec.w": { shape: [1] }, constructor: { shape: [1] } },
    });
    assert.equal(
      problem,
      `${path} does not fit this network: lacks "dec.w"; lacks "constructor"; has unexpected "enc.b"; "enc.w" is [2,3] instead of [3,2]`,
    );
    assert.match(mend, /configuration/);
  });

  it("only float32 is stored", () => {
    assert.throws(() => saveParams(path, { n: tf.tensor1d([1], "int32") }), /"n" is int32/);
  });

  describe("published", () => {
    let dir: string;
    beforeEach(() => {
      dir = join(root, "published");
      publish(dir, { ...params, "enc.w": tf.ones([2, 3]) }, { network: "test" }, "# Card\n");
    });

    it("are a folder of weights, config with their hash, and a card", () => {
      const { config, sha256, params: back } = loadPublished(dir, SHAPES);
      assert.deepEqual(readdirSync(dir).sort(), ["README.md", "config.json", "model.safetensors"]);
      assert.deepEqual(
        readdirSync(root).filter((name) => name.startsWith("published.")),
        [],
      );
      assert.deepEqual(config, { network: "test", sha256: sha256Of(readFileSync(join(dir, "model.safetensors"))) });
      assert.equal(sha256, config.sha256);
      assert.deepEqual(back["enc.b"].arraySync(), [1, 1, 1]);
      assert.equal(readFileSync(join(dir, "README.md"), "utf8"), "# Card\n");
    });

    it("a number of the config that was changed is found out, one of an earlier version without a seal is read", () => {
      const path = join(dir, "config.json");
      const sound = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      for (const change of [{ network: "other" }, { extra: 1 }, { seal: "0" }, { seal: 7 }]) {
        writeFileSync(path, JSON.stringify({ ...sound, ...change }));
        assert.throws(() => loadPublished(dir, SHAPES), /UserError.*was changed after/s, JSON.stringify(change));
      }
      const { seal: _, ...earlier } = sound;
      writeFileSync(path, JSON.stringify(earlier));
      loadPublished(dir, SHAPES);
    });

    it("what is not finite is not shipped, and the old network stays", () => {
      const weights = (value: number): Params => ({ ...params, "enc.w": tf.fill([2, 3], value) });
      const before = readFileSync(join(dir, "model.safetensors"));
      for (const value of [Number.NaN, Infinity]) {
        assert.throws(() => publish(dir, weights(value), { network: "test" }, ""), /UserError: "enc\.w" is not finite/);
      }
      assert.throws(() => publish(dir, weights(1e30), { network: "test" }, ""), /UserError: the weights are too large/);
      const quality = { psnr: Number.NaN };
      assert.throws(() => publish(dir, weights(1), { quality }, ""), /UserError: quality\.psnr is NaN/);
      assert.deepEqual(readFileSync(join(dir, "model.safetensors")), before);
    });

    it("a network does not run beside another tokeniser than its own", () => {
      const [place, own] = [join(root, "beside"), "a".repeat(64)];
      publish(join(place, "model"), { ...params, "enc.w": tf.ones([2, 3]) }, { network: "test", tokeniser: own }, "");
      loadPublished(join(place, "model"), SHAPES);
      publish(join(place, "tokeniser"), { n: tf.scalar(1) }, { network: "tokeniser" }, "");
      assert.throws(
        () => loadPublished(join(place, "model"), SHAPES),
        /UserError.*another tokeniser \(aaaaaaaaaaaa\)/s,
      );
      const { sha256 } = readConfig(join(place, "tokeniser"));
      publish(join(place, "model"), { ...params, "enc.w": tf.ones([2, 3]) }, { tokeniser: sha256 }, "");
      loadPublished(join(place, "model"), SHAPES);
    });

    it("what a killed publisher left is brought back, or removed", () => {
      const { pid } = spawnSync(process.execPath, ["-e", ""]);
      renameSync(dir, `${dir}.${pid}.old`);
      mkdirSync(`${dir}.${pid}.new`);
      replaceFolder(dir, { "config.json": "{}" });
      assert.deepEqual(
        readdirSync(root).filter((name) => name.startsWith("published")),
        ["published"],
      );
    });

    it("a shipped network is not replaced by one of another recipe", () => {
      const recipe = readConfig("checkpoints/courtyard/tokeniser");
      refuseOtherRecipe("checkpoints/courtyard/tokeniser", { ...recipe, quality: { psnr: 1 } });
      const { training } = recipe as { training: object };
      for (const change of [
        { training: { ...training, steps: 1 } },
        { network: "depth" },
        { shape: {} },
        { seed: 1 },
      ]) {
        const other = { ...recipe, ...change };
        const why = new RegExp(`another recipe: ${Object.keys(change)[0]} differs`);
        assert.throws(() => refuseOtherRecipe("checkpoints/courtyard/tokeniser", other), why);
        assert.throws(() => publish("checkpoints/courtyard/tokeniser", { n: tf.scalar(1) }, other, ""), why);
      }
      refuseOtherRecipe("checkpoints/nowhere", {});
      refuseOtherRecipe(dir, { network: "another" });
    });

    it("a name leads to checkpoints/, a path where it says", () => {
      assert.equal(shippedFolder("mine-2"), "checkpoints/mine-2");
      assert.equal(shippedFolder("runs/mine"), "runs/mine");
      for (const name of ["", " ", "..", ".hidden", "a b", "-x"])
        assert.throws(() => shippedFolder(name), UserError, name);
    });

    it("every shipped network vouches for its config, and belongs to the shipped tokeniser", () => {
      for (const world of readdirSync(fromRoot("checkpoints"))) {
        const { sha256 } = readConfig(`checkpoints/${world}/tokeniser`);
        const entries = readdirSync(fromRoot(`checkpoints/${world}`), { withFileTypes: true });
        for (const { name } of entries.filter((entry) => entry.isDirectory())) {
          const dir = `checkpoints/${world}/${name}`;
          // Of a placebo the record of its training is all that is shipped.
          if (readdirSync(fromRoot(dir)).join() === "metrics.jsonl") continue;
          assert.match(readFileSync(fromRoot(`${dir}/config.json`), "utf8"), /"seal": "[0-9a-f]{64}"/, name);
          if (name !== "tokeniser") assert.equal(readConfig(dir).tokeniser, sha256, name);
        }
      }
    });

    it("a missing folder, weights of another hash, and a config that is none are named", () => {
      const refused = (why: RegExp): void => assert.throws(() => loadPublished(dir, SHAPES), why);
      writeFileSync(join(dir, "model.safetensors"), "other");
      refused(/UserError.*its config says/s);
      for (const [text, why] of [
        ["{", /UserError.*config\.json is not JSON/s],
        ["null", /UserError.*config\.json does not hold an object/s],
        ["{}", /UserError.*does not say its weights' sha256/s],
      ] as const) {
        writeFileSync(join(dir, "config.json"), text);
        refused(why);
      }
      dir = join(root, "nowhere");
      refused(/UserError.*no trained network in .*nowhere/s);
    });
  });
});
