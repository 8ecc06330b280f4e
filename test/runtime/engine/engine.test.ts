import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import type { Engine, Job } from "../../../lib/runtime/engine/engine.ts";
import { JobCache } from "../../../lib/runtime/engine/job-cache.ts";
import { localEngine } from "../../../lib/runtime/engine/local.ts";
import { encodeMessage, pack, receive, unpack } from "../../../lib/runtime/engine/messages.ts";
import { isAlive } from "../../../lib/util/alive.ts";
import type { Answered, Asked } from "./tasks.ts";

const TASKS = "test/runtime/engine/tasks.ts";
const asked = (end?: Asked["end"], ...value: number[]): Job<Asked> => ({
  input: { value: Float32Array.from(value), end },
});

describe("messages of workers", () => {
  it("come out as they went in, however the stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: fc.string(), body: fc.uint8Array({ maxLength: 300 }) }, { noNullPrototype: true }), {
          maxLength: 6,
        }),
        fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
        async (sent, cuts) => {
          const bytes = Buffer.concat(sent.flatMap(({ name, body }) => encodeMessage({ name }, body)));
          const stream = new PassThrough();
          for (let at = 0; at < bytes.length; ) {
            const next = at + (cuts.next().value as number);
            stream.write(bytes.subarray(at, next));
            at = next;
          }
          stream.end();
          const heard: unknown[] = [];
          for await (const { header, body } of receive<{ name: string }>(stream))
            heard.push({ name: header.name, body: Uint8Array.from(body) });
          assert.deepEqual(heard, sent);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("hold values with arrays of numbers, to the bit", () => {
    const value = {
      poses: [{ x: -0, z: Number.NaN }],
      latents: Float32Array.of(1 / 3, -0, Infinity),
      frames: Uint8Array.of(7),
    };
    assert.deepEqual(unpack(pack(value)), value);
  });
});

it("what a worker keeps is made once, the oldest is let go, and a failure is not kept", async () => {
  const kept = new JobCache();
  const gone: number[] = [];
  let made = 0;
  const keep = (key: number): Promise<number> =>
    kept.keep(
      String(key),
      () => {
        made++;
        return key;
      },
      (value) => gone.push(value),
    );
  for (const key of [0, 1, 2, 3, 4, 5, 0, 6]) assert.equal(await keep(key), key);
  assert.equal(made, 7);
  assert.deepEqual(gone, [1]);
  await assert.rejects(
    kept.keep("bad", () => {
      throw new Error("no");
    }),
    /no/,
  );
  assert.equal(await kept.keep("bad", () => 3), 3);
});

describe("local workers", function () {
  this.timeout(60_000);
  let engine: Engine;
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "engine-"));
    engine = localEngine(2);
  });
  after(async () => {
    await engine.close();
    rmSync(dir, { recursive: true });
  });
  const run = (...jobs: Job<Asked>[]): Promise<Answered[]> => engine.run<Asked, Answered>(TASKS, jobs);

  it("share the jobs, and answer in the jobs' order", async () => {
    const heard: number[] = [];
    const jobs = [1, 2, 3, 4, 5, 6].map((x) => asked({ wait: 20 }, x));
    // Until both are there.
    const pids = new Set<number>();
    while (pids.size < 2) for (const { pid } of await run(asked({ wait: 20 }), asked({ wait: 20 }))) pids.add(pid);
    const answers = await engine.run<Asked, Answered>(TASKS, jobs, { onResult: (_, job) => heard.push(job) });
    assert.deepEqual(
      answers.map(({ doubled }) => doubled[0]),
      [2, 4, 6, 8, 10, 12],
    );
    assert.deepEqual(heard.sort(), [0, 1, 2, 3, 4, 5]);
    assert.equal(new Set(answers.map(({ pid }) => pid)).size, 2);
  });

  it("get what is stored once, and keep what they make of it", async () => {
    const weights = await engine.put(new Uint8Array(1 << 20).fill(1));
    assert.deepEqual(await engine.put(new Uint8Array(1 << 20).fill(1)), weights);
    const before = engine.traffic();
    const answers = await run(...[1, 2, 3, 4, 5, 6].map((x) => ({ ...asked(undefined, x, x), stored: { weights } })));
    assert.deepEqual(new Set(answers.map((answer) => answer.weights)), new Set([1 << 20]));
    assert.ok(answers.every(({ made }) => made === 1));
    const { sent, stored } = engine.traffic();
    assert.ok(sent - before.sent < 2000 && stored === before.stored, "the weights are not part of the jobs");
    await engine.drop(weights);
    await assert.rejects(run({ ...asked(undefined, 1, 2), stored: { weights } }), /"weights" of a job was not put/);
    await assert.rejects(run(asked(undefined, 1, 2)), /nothing stored under "weights"/);
  });

  it("tell how far they are, and what they print is no answer", async () => {
    const reports: unknown[] = [];
    await engine.run(TASKS, [asked("report", 1)], { onReport: (value, job) => reports.push([value, job]) });
    assert.deepEqual(
      reports,
      [1, 2, 3].map((part) => [{ part }, 0]),
    );
    assert.equal((await run(asked("print", 4)))[0].doubled[0], 8);
  });

  it("one that dies is replaced, and its job is done by another; the job is made anew", async () => {
    const job = asked({ once: join(dir, "died") }, 3);
    let given = 0;
    const made = (): Job<Asked> => {
      given++;
      return job;
    };
    const answers = await engine.run<Asked, Answered>(TASKS, [made, ...[1, 2, 3, 4].map((x) => asked(undefined, x))]);
    assert.deepEqual(
      answers.map(({ doubled }) => doubled[0]),
      [6, 2, 4, 6, 8],
    );
    assert.equal(given, 2);
  });

  it("a job over which all die is an error that says so, and the others are done", async () => {
    const others = run(asked(undefined, 1), asked(undefined, 2));
    await assert.rejects(
      run(asked("die", 1)),
      /4 workers died over one job of test\/runtime\/engine\/tasks.ts.*SIGKILL/,
    );
    assert.equal((await others).length, 2);
  });

  it("a task's error is the run's, with its mend; a module that is not there is named", async () => {
    await assert.rejects(run(asked("fail", 1)), /no such clip/);
    await assert.rejects(run(asked("refuse", 1)), {
      name: "UserError",
      problem: "the clip is bad",
      mend: "give another",
    });
    await assert.rejects(engine.run("lib/none.ts", [asked()]), /lib\/none\.ts/);
    assert.equal((await run(asked(undefined, 5)))[0].doubled[0], 10);
  });

  it("end with the engine, and what was asked of it is refused in one line", async () => {
    const own = localEngine(1);
    const [{ pid }] = await own.run<Asked, Answered>(TASKS, [asked(undefined, 1)]);
    const hanging = own.run(TASKS, [asked({ wait: 60_000 }, 1)]);
    const refused = assert.rejects(hanging, /the engine is closed/);
    await own.close();
    await refused;
    assert.ok(!isAlive(pid));
    await assert.rejects(own.run(TASKS, [asked(undefined, 1)]), /the engine is closed/);
    assert.throws(() => localEngine(0), /0 workers/);
  });
});
