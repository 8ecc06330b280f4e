import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pipeline } from "../../../lib/experiments/pipeline/folders.ts";
import { loadModel, metricsIn, modelsIn } from "../../../lib/experiments/pipeline/models.ts";
import { shipNetworks } from "../../../lib/experiments/pipeline/publish.ts";
import { loadOdometry } from "../../../lib/rewards/actions/estimators.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { readMetrics } from "../../../lib/training/run.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { makeTinyNetworks } from "../tiny-networks.ts";

describe("a run's networks, shipped", () => {
  let root: string;
  let pipeline: Pick<Pipeline, "world" | "dir">;
  before(async () => {
    await openBackend();
    root = mkdtempSync(join(tmpdir(), "publish-"));
    pipeline = { world: courtyard, dir: join(root, "run") };
    makeTinyNetworks(join(pipeline.dir, "networks"), ["base", "post-trained-0", "best-of-n-0", "post-trained-1"]);
  });
  after(() => rmSync(root, { recursive: true }));

  it("are the judges and the models of training seed 0, and load where they are", () => {
    const to = join(root, "shipped");
    const shipped = shipNetworks(pipeline, to);
    assert.equal(shipped[0], `${to}/tokeniser`);
    assert.deepEqual(
      readdirSync(to).sort(),
      ["actions-flow", "base", "depth", "odometry", "post-trained-0", "preference", "preference-heldout", "tokeniser"], // biome-ignore format: a list
    );
    assert.deepEqual(
      modelsIn(to).map(({ model }) => model),
      ["base", "guided", "selected", "selected-guided", "silenced", "post-trained", "post-trained-guided"], // biome-ignore format: a list
    );
    for (const model of modelsIn(to)) assert.deepEqual(loadModel(to, model).camera, courtyard.camera);
    assert.equal(loadOdometry(to).name, "odometry");
    assert.deepEqual(
      metricsIn(to).map(({ name }) => name),
      ["action-accuracy", "action-accuracy-true", "rotation-error", "translation-error", "psnr", "ssim", "visual-heldout"], // biome-ignore format: a list
    );
  });

  it("bring the record of their training along", () => {
    const [run, to] = [join(pipeline.dir, "post-trained-0"), join(root, "with-curve")];
    mkdirSync(run);
    writeFileSync(join(run, "metrics.jsonl"), '{"step":1,"loss":2}\n');
    shipNetworks(pipeline, to);
    assert.deepEqual(readMetrics(join(to, "post-trained-0")), [{ step: 1, loss: 2 }]);
  });

  it("bring along the record that lies beside them where the run is gone, and of a placebo the record alone", () => {
    const to = join(root, "fetched");
    writeFileSync(join(pipeline.dir, "networks", "base", "metrics.jsonl"), '{"step":3,"loss":1}\n');
    mkdirSync(join(pipeline.dir, "placebo-0"));
    writeFileSync(join(pipeline.dir, "placebo-0", "metrics.jsonl"), '{"step":4,"loss":1}\n');
    shipNetworks(pipeline, to);
    assert.deepEqual(readMetrics(join(to, "base")), [{ step: 3, loss: 1 }]);
    assert.deepEqual(readdirSync(join(to, "placebo-0")), ["metrics.jsonl"]);
  });

  it("are all shipped or none: what is refused leaves the others as they were", () => {
    const to = join(root, "all-or-none");
    shipNetworks(pipeline, to);
    const before = readFileSync(join(to, "tokeniser", "config.json"), "utf8");
    const other = { ...pipeline, dir: join(root, "other") };
    makeTinyNetworks(join(other.dir, "networks"), ["base"], 7);
    writeFileSync(join(other.dir, "networks", "base", "model.safetensors"), "x");
    assert.throws(() => shipNetworks(other, to), /base.*SHA-256/s);
    assert.equal(readFileSync(join(to, "tokeniser", "config.json"), "utf8"), before);
  });

  it("are refused where a network that stays would lose its tokeniser", () => {
    const to = join(root, "orphans");
    shipNetworks(pipeline, to);
    const other = { ...pipeline, dir: join(root, "without") };
    makeTinyNetworks(join(other.dir, "networks"), ["base"], 7);
    assert.throws(() => shipNetworks(other, to), /post-trained-0 was trained with another tokeniser/);
    assert.deepEqual(loadModel(to, modelsIn(to)[0]).camera, courtyard.camera);
  });

  it("are refused where there are none, and where one is damaged", () => {
    const empty = { ...pipeline, dir: join(root, "nothing") };
    assert.throws(() => shipNetworks(empty, join(root, "b")), /holds no network.*npm run train -- --world courtyard/s);
    const damaged = { ...pipeline, dir: join(root, "damaged") };
    makeTinyNetworks(join(damaged.dir, "networks"), ["base"]);
    writeFileSync(join(damaged.dir, "networks", "base", "model.safetensors"), "x");
    assert.throws(() => shipNetworks(damaged, join(root, "c")), /base.*SHA-256/s);
    assert.ok(!existsSync(join(root, "c", "base")));
  });
});
