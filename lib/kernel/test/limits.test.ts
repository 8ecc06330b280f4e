import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Executed, KernelClient } from "./client.ts";
import { folderWith } from "./folder.ts";

const HEADLESS = { allow_stdin: false };
const IDLE_MS = 1000;

async function withKernel(env: NodeJS.ProcessEnv, work: (kernel: KernelClient) => Promise<void>): Promise<void> {
  const kernel = await KernelClient.start({ env });
  try {
    await work(kernel);
  } finally {
    await kernel.stop();
  }
}

describe("kernel: limits", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.execute("let kept = 'yes'");
  });
  after(() => kernel.stop());
  afterEach(async () => assert.equal((await kernel.execute("kept")).result, "'yes'"));

  const ownDisplay = (bundle: string) => `({ [Symbol.for("Jupyter.display")]: () => (${bundle}) })`;
  const tooLong: Record<string, string> = {
    "a display whose JSON no string can hold": "Jupyter.display({ 'text/plain': '\\n'.repeat(3e8) })",
    "a picture": ownDisplay("{ 'image/png': new Uint8Array(2.5e8) }"),
    "a comm's buffers": "Jupyter.comms.open('t').send({}, { buffers: [new Uint8Array(2e8), new Uint8Array(2e8)] })",
  };
  for (const [what, code] of Object.entries(tooLong)) {
    it(`says in one line that ${what} is too long for a message`, async () => {
      const { error } = await kernel.execute(code);
      assert.equal(error?.ename, "RangeError");
      assert.match(String(error?.evalue), /MB in one output, where 256 MB is the limit: show less of it, or write it/);
    });
  }

  it("says so of an expression's value, too", async () => {
    const user_expressions = { long: ownDisplay("{ 'text/plain': 'x'.repeat(3e8) }"), short: "1" };
    const { reply } = await kernel.execute("1", { user_expressions });
    assert.match(JSON.stringify(reply.user_expressions), /256 MB is the limit/);
  });

  it("prints text of any length", async () => {
    const { stdout } = await kernel.execute("process.stdout.write('é'.repeat(9_000_001))");
    assert.equal(stdout.length, 9_000_001);
  });

  for (const message of ["'x'.repeat(3e7)", "'x\\n'.repeat(1e7)", "'\\u0000'.repeat(1e6)"]) {
    it(`shows the beginning of an error whose message is ${message}`, async () => {
      const { error, traceback } = await kernel.execute(`throw new RangeError(${message})`);
      assert.equal(error?.ename, "RangeError");
      assert.match(String(error?.evalue), /more characters\)$/);
      assert.ok(traceback.length < 300_000, `${traceback.length} characters`);
    });
  }
});

describe("kernel: memory that runs out, and processes that do not start", () => {
  it("says that V8's heap was full, and which option makes it larger", () =>
    withKernel({ NODE_OPTIONS: "--max-old-space-size=80" }, async (kernel) => {
      const { error } = await kernel.execute(
        "const all: number[][] = []; for (;;) all.push(new Array(1e5).fill(0.5));",
      );
      assert.equal(error?.ename, "ExecutorLost");
      assert.match(String(error?.evalue), /out of memory.*--max-old-space-size/);
      assert.equal((await kernel.execute("'alive'")).result, "'alive'");
    }));

  it("starts an executor that cannot start once for every cell, and tells each", async () => {
    const folder = folderWith({
      "starts.log": "",
      "refuse.cjs": `if (/executor-main/.test(process.argv[1])) {
  require("node:fs").appendFileSync(process.env.STARTS, "x");
  process.exit(9);
}`,
    });
    const starts = join(folder, "starts.log");
    await withKernel({ STARTS: starts, NODE_OPTIONS: `--require ${join(folder, "refuse.cjs")}` }, async (kernel) => {
      await kernel.execute("1", HEADLESS);
      await sleep(500);
      const before = readFileSync(starts, "utf8").length;
      const { error } = await kernel.execute("2", HEADLESS);
      assert.match(String(error?.evalue), /exit code 9/);
      await sleep(1500);
      const after = readFileSync(starts, "utf8").length;
      assert.ok(before <= 2 && after - before <= 1, `${before} starts, then ${after}`);
    });
  });

  it("is not kept waiting by children of an executor that has ended", async () => {
    await withKernel({}, async (kernel) => {
      const { error } = await kernel.execute(`import { spawn } from "node:child_process";
for (const detached of [false, true]) spawn("sleep", ["30"], { stdio: "inherit", detached });
process.exit(4);`);
      assert.match(String(error?.evalue), /exit code 4/);
    });
  });
});

describe("kernel: the type checker's process", () => {
  it("ends while nobody needs it, and knows the cells when somebody does", () =>
    withKernel({ TYPEBOOK_CHECKER_IDLE: String(IDLE_MS) }, async (kernel) => {
      await kernel.execute("interface Point { x: number } const p: Point = { x: 1 }", HEADLESS);
      assert.equal((await languageProcesses(kernel, 0)).length, 0);
      const shown: Executed = await kernel.execute("const q: Point = p; q.x", HEADLESS);
      assert.equal(shown.result, "1", shown.traceback);
      assert.equal((await languageProcesses(kernel, 1)).length, 1);
      assert.equal((await languageProcesses(kernel, 0)).length, 0);
      const { matches } = await kernel.request("complete_request", { code: "q.", cursor_pos: 2 });
      assert.deepEqual(matches, ["x"]);
      assert.equal((await kernel.execute("p.y", HEADLESS)).reply.ename, "TypeCheckError");
    }));
});

/** Those that there are when there are as many as expected, or after a while. */
async function languageProcesses(kernel: KernelClient, expected: number): Promise<string[]> {
  const list = () =>
    execFileSync("ps", ["--ppid", String(kernel.process.pid), "-o", "args="], { encoding: "utf8" })
      .split("\n")
      .filter((line) => /language-main/.test(line));
  for (let tries = 0; list().length !== expected && tries < 100; tries++) await sleep(100);
  return list();
}
