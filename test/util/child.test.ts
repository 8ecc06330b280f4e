import assert from "node:assert/strict";
import { inProcesses } from "../../lib/util/child.ts";
import type { TestJob } from "./child-script.ts";

const SCRIPT = new URL("./child-script.ts", import.meta.url);
type Answer = { doubled?: Float32Array; pid?: number };

describe("processes side by side", function () {
  this.timeout(30_000);

  it("share the jobs, and all their answers are heard as they were sent", async () => {
    const doubled: Float32Array[] = [];
    const pids: number[] = [];
    const jobs = [1, 2, 3, 4, 5].map((x): TestJob => ({ value: new Float32Array([x, -x]), end: "answer" }));
    await inProcesses<TestJob, Answer>(SCRIPT, jobs, 2, (answer, job) => {
      if (answer.doubled) doubled[job] = answer.doubled;
      if (answer.pid) pids[job] = answer.pid;
    });
    assert.deepEqual(
      doubled,
      [2, 4, 6, 8, 10].map((x) => new Float32Array([x, -x])),
    );
    assert.equal(pids.length, 5);
    const others = new Set(pids);
    assert.ok(others.size === 2 && !others.has(process.pid));
  });

  it("are no more than there are jobs", async () => {
    await inProcesses<TestJob, Answer>(SCRIPT, [], 2, () => assert.fail());
  });

  for (const [end, reason] of [
    ["fail", /child-script\.ts ended with code 1\n.*no such clip/s],
    ["leave", /child-script\.ts ended with code 0/],
  ] as const) {
    it(`when one does not do its job (${end}), that is an error with what it said, and none is begun after it`, async () => {
      const jobs = [end, "answer" as const].map((next): TestJob => ({ value: new Float32Array(1), end: next }));
      const heard: number[] = [];
      const run = inProcesses<TestJob, Answer>(SCRIPT, jobs, 1, (_, job) => heard.push(job));
      await assert.rejects(run, reason);
      assert.deepEqual(heard, []);
    });
  }
});
