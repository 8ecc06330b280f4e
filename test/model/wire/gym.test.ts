import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { trueWorldModel } from "../../../lib/model/true-world.ts";
import { remoteModel } from "../../../lib/model/wire/remote.ts";
import { serveModel } from "../../../lib/model/wire/server.ts";
import { ensureExtra, GYMNASIUM } from "../../../lib/runtime/setup/extras.ts";
import { pythonProgram } from "../../../lib/runtime/setup/python.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import type { Listening } from "../../../lib/util/wire/server.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { trajectoryOf } from "../../../lib/world/motion.ts";

const run = promisify(execFile);
const ACTIONS = [0, 9, 37, 2];
const START = { x: 0, z: 1, yaw: 0.5, pitch: 0.1 };

describe("worlds over the wire", () => {
  let served: Listening;
  before(async () => {
    served = await serveModel({ model: trueWorldModel(courtyard), name: "courtyard", world: courtyard });
  });
  after(() => served.close());

  it("show what the world shows, here and there", async () => {
    const frame = await courtyard.level(7).render([START]);
    const poses = trajectoryOf(START, [...ACTIONS, ...ACTIONS], courtyard.step);
    const truth = await courtyard.level(7).render(poses);
    for (const model of [trueWorldModel(courtyard), await remoteModel({ url: served.url })]) {
      const rollout = await model.reset([{ frame, pose: START, level: 7 }]);
      for (const n of [0, 1]) await rollout.step([ACTIONS], [Rng.of(n)]);
      assert.deepEqual(Uint8Array.from(rollout.frames(0)), truth);
      assert.deepEqual(rollout.poses(0), poses);
      rollout.dispose();
    }
  });

  it("want a level, and are not branched", async () => {
    const model = trueWorldModel(courtyard);
    const frame = new Uint8Array(80 * 48 * 3);
    await assert.rejects(model.reset([{ frame, pose: START }]), /the start of video 0 does not say its level/);
    const rollout = await model.reset([{ frame, pose: START, level: 1 }]);
    await assert.rejects(rollout.sample([ACTIONS], [[]]), UserError);
  });
});

describe("the gymnasium environment", function () {
  this.timeout(300_000);
  let served: Listening;
  before(async function () {
    try {
      await ensureExtra(GYMNASIUM);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.log(`      not tested: ${error.problem}`);
      this.skip();
    }
    served = await serveModel({ model: trueWorldModel(courtyard), name: "courtyard", world: courtyard });
  });
  after(() => served?.close());

  it("passes gymnasium's checker, begins where the seed says, and rewards coming nearer", async () => {
    const { stdout } = await run(pythonProgram("python"), ["-B", "test/model/wire/gym_check.py", served.url]);
    assert.equal(stdout.trim(), "checked");
  });

  it("random shooting in a model without fault comes nearer to a picture than chance", async () => {
    const tasks = ["--tasks", "4", "--away", "1", "--clips", "2", "--candidates", "32"];
    const script = "lib/model/wire/gym/random_shooting.py";
    const { stdout } = await run(pythonProgram("python"), ["-B", script, "--world", served.url, ...tasks]);
    const { start, planned, random } = JSON.parse(stdout);
    assert.ok(planned < random && planned < 0.75 * start, stdout);
  });

  it("says what a server that knows no places refuses", async () => {
    const other = await serveModel({ model: trueWorldModel(courtyard), name: "courtyard" });
    const script = "lib/model/wire/gym/random_shooting.py";
    try {
      await assert.rejects(
        run(pythonProgram("python"), ["-B", script, "--world", other.url]),
        /knows no places to begin at/,
      );
    } finally {
      await other.close();
    }
  });
});
