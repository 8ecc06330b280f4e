import assert from "node:assert/strict";
import { inProcesses } from "../../lib/util/child.ts";

const SCRIPT = new URL("./child-script.ts", import.meta.url);
type Answer = { doubled?: Float32Array; pid?: number };

describe("processes side by side", function () {
  this.timeout(30_000);

  it("gives every job to a process of its own and hears all its answers, as they were sent", async () => {
    const doubled: Float32Array[] = [];
    const pids: number[] = [];
    const jobs = [1, 2, 3].map((x) => ({ value: new Float32Array([x, -x]), fail: false }));
    await inProcesses<object, Answer>(SCRIPT, jobs, 2, (answer, job) => {
      if (answer.doubled) doubled[job] = answer.doubled;
      if (answer.pid) pids.push(answer.pid);
    });
    assert.deepEqual(
      doubled,
      [2, 4, 6].map((x) => new Float32Array([x, -x])),
    );
    assert.equal(new Set([...pids, process.pid]).size, 4);
  });

  it("fails with what a failing process said, and starts none after it", async () => {
    const jobs = [true, false].map((fail) => ({ value: new Float32Array(1), fail }));
    const heard: number[] = [];
    const run = inProcesses<object, Answer>(SCRIPT, jobs, 1, (_, job) => heard.push(job));
    await assert.rejects(run, /child-script\.ts ended with code 1\n.*no such clip/s);
    assert.deepEqual(heard, []);
  });
});
