import assert from "node:assert/strict";
import { KernelClient } from "./client.ts";

/** What a cell may do to Node itself, and to the descriptors of its process. */
const MOCKS: Record<string, string> = {
  "the file system's functions": `import fs from "node:fs";
for (const name of ["writeSync", "readFileSync", "existsSync", "statSync", "mkdirSync", "renameSync"] as const)
  Object.assign(fs, { [name]: () => { throw new Error("mocked"); } });
syncBuiltinESMExports();`,
  "timers by Node's own mock": `import { mock } from "node:test"; mock.timers.enable();`,
  "promises of timers": `import timers from "node:timers/promises";
Object.assign(timers, { setImmediate: () => new Promise(() => {}), setTimeout: () => new Promise(() => {}) });
syncBuiltinESMExports();`,
  "the tick queue and the clock": `Object.assign(process, { nextTick: () => {}, uptime: () => 0 });
Object.assign(performance, { now: () => 0 });`,
  "how values are shown": `import util from "node:util";
Object.assign(util, { inspect: () => { throw new Error("mocked"); } });
syncBuiltinESMExports();`,
  paths: `import path from "node:path";
Object.assign(path, { join: () => { throw new Error("mocked"); }, dirname: () => "" });
syncBuiltinESMExports();`,
  "closed descriptors": `import { close, closeSync } from "node:fs";
for (const fd of [0, 1, 2, 3, 4, 5]) closeSync(fd);
await new Promise((closed) => close(6, closed));`,
  "a closed standard output": `import { Socket } from "node:net"; new Socket({ fd: 1 }).destroy();`,
  "corked streams": "process.stdout.cork(); process.stderr.cork();",
  "no listeners": "process.removeAllListeners();",
};

describe("kernel: cells that mock Node", () => {
  for (const [what, code] of Object.entries(MOCKS)) {
    it(`runs the cells after ${what}`, async () => {
      const kernel = await KernelClient.start();
      try {
        await kernel.execute('import { syncBuiltinESMExports } from "node:module"; let kept = "yes";');
        const mocked = await kernel.execute(code);
        assert.equal(mocked.reply.status, "ok", mocked.traceback);
        assert.equal((await kernel.execute("({ kept })")).result, "{ kept: 'yes' }");
        assert.equal((await kernel.execute("console.log('shown'); await null;")).stdout, "shown\n");
        const id = kernel.start("console.log('go'); await null; for (;;);");
        await kernel.printed(id, "go");
        await kernel.interrupt();
        assert.equal((await kernel.finished(id)).error?.evalue, "interrupted");
        assert.equal((await kernel.execute("kept")).result, "'yes'");
      } finally {
        await kernel.stop();
      }
    });
  }
});
