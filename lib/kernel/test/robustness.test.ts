import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KernelClient, type StartOptions } from "./client.ts";

const scratch = (): string => mkdtempSync(join(tmpdir(), "kernel-robust-"));

async function withKernel(options: StartOptions, work: (kernel: KernelClient) => Promise<void>): Promise<void> {
  const kernel = await KernelClient.start(options);
  try {
    await work(kernel);
  } finally {
    await kernel.stop();
  }
}

describe("kernel: strange surroundings", () => {
  for (const flags of ["--max-old-space-size=8192", "--stack-trace-limit=5 --expose-gc", "--jitless"]) {
    it(`runs cells under NODE_OPTIONS=${flags}, which reach the user's code`, () =>
      withKernel({ env: { NODE_OPTIONS: flags } }, async (kernel) => {
        const run = await kernel.execute("const x: number = 20; process.env.NODE_OPTIONS", { allow_stdin: false });
        assert.equal(run.result, `'${flags}'`, JSON.stringify(run.reply));
        assert.equal((await kernel.execute("x.wrong", { allow_stdin: false })).reply.ename, "TypeCheckError");
      }));
  }

  const places: Record<string, (folder: string) => string> = {
    "a folder that is a file": (folder) => {
      writeFileSync(join(folder, "file"), "");
      return join(folder, "file", "history.jsonl");
    },
    "a folder": (folder) => {
      mkdirSync(join(folder, "history.jsonl"));
      return join(folder, "history.jsonl");
    },
    "a device": () => "/dev/full",
  };
  for (const [what, make] of Object.entries(places)) {
    it(`runs cells and remembers them where the history is ${what}, and says so once`, () =>
      withKernel({ env: { TYPEBOOK_HISTORY: make(scratch()) } }, async (kernel) => {
        const runs = [];
        for (const code of ["1 + 1", "2 + 2", "3 + 3"]) runs.push(await kernel.execute(code));
        assert.deepEqual(
          runs.map(({ result }) => result),
          ["2", "4", "6"],
        );
        assert.equal(runs.filter(({ stderr }) => /history of this kernel is not kept/.test(stderr)).length, 1);
        const asked = { hist_access_type: "tail", n: 3, output: false, raw: true };
        const { history } = await kernel.request("history_request", asked);
        assert.deepEqual(history, [
          [1, 1, "1 + 1"],
          [1, 2, "2 + 2"],
          [1, 3, "3 + 3"],
        ]);
      }));
  }

  it("runs cells, imports and keeps nothing where the disk takes nothing", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "part.ts"), "export function fail(): never {\n  throw new Error('mapped');\n}\n");
    // The limit on the size of files makes every write fail as a full disk does.
    const command = ["bash", "-c", 'ulimit -f 0 && exec node "$0" "$@"'];
    await withKernel({ folder, command }, async (kernel) => {
      const run = await kernel.execute("import { fail } from './part.ts'; 1 + 1");
      assert.equal(run.result, "2", run.traceback);
      assert.match(run.stderr, /history of this kernel is not kept/);
      assert.match((await kernel.execute("fail()")).traceback, /mapped[\s\S]*part\.ts/);
    });
  });

  it("keeps its history to itself, mends one that was cut short, and writes none where it is off", async () => {
    const folder = scratch();
    const file = join(folder, "deep", "history.jsonl");
    mkdirSync(join(folder, "deep"));
    writeFileSync(file, '[1,1,"whole"]\n[1,2,"cut');
    chmodSync(file, 0o644);
    const env = { TYPEBOOK_HISTORY: file };
    await withKernel({ env }, async (kernel) => void (await kernel.execute("'next'")));
    assert.equal(readFileSync(file, "utf8"), `[1,1,"whole"]\n[2,1,"'next'"]\n`);
    assert.equal(statSync(file).mode & 0o077, 0);
    await withKernel({ env: { TYPEBOOK_HISTORY: "off" } }, async (kernel) => {
      assert.equal((await kernel.execute("1")).stderr, "");
      assert.ok(!existsSync("off"));
    });
  });

  it("answers a search whose pattern would take a backtracking matcher for ever", () =>
    withKernel({}, async (kernel) => {
      await kernel.execute(`// ${"a".repeat(300)}`);
      const pattern = `${"*a".repeat(14)}ZZ`;
      const asked = { hist_access_type: "search", pattern, output: false, raw: true };
      assert.deepEqual((await kernel.request("history_request", asked)).history, []);
    }));
});

describe("kernel: what user code can do to it", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.stop());

  const closings: Record<string, string> = {
    "end()": "process.stdout.end(); process.stderr.end('last');",
    "end() twice": "process.stdout.end('a', 'utf8', () => {}); process.stdout.end(() => {});",
    "destroy()": "process.stdout.destroy(); process.stderr.destroy(new Error('closed'));",
    "a pipeline into it":
      "import { pipeline } from 'node:stream/promises'; import { Readable } from 'node:stream'; await pipeline(Readable.from(['piped']), process.stdout);",
    "a pipe into it":
      "import { Readable as R } from 'node:stream'; const r = R.from(['piped']); r.pipe(process.stdout); await new Promise((ended) => r.on('end', ended));",
    "a pipeline that fails":
      "import { pipeline as p } from 'node:stream'; import { Readable as F } from 'node:stream'; const f = new F({ read() { this.destroy(new Error('source')); } }); await new Promise((done) => p(f, process.stdout, done));",
    "a stream of the web":
      "import { Writable } from 'node:stream'; const w = Writable.toWeb(process.stdout).getWriter(); await w.write('web'); await w.close();",
  };
  for (const [how, code] of Object.entries(closings)) {
    it(`cannot lose output by ${how}`, async () => {
      const closed = await kernel.execute(code);
      assert.equal(closed.reply.status, "ok", closed.traceback);
      assert.equal((await kernel.execute("console.log('still'); console.error('here');")).stdout, "still\n");
      assert.equal((await kernel.execute("console.error('here');")).stderr, "here\n");
    });
  }

  it("hears of an executor that ended between cells: at once, and headless by a failing cell", async () => {
    const id = kernel.start("let gone = 1; setTimeout(() => process.exit(3), 500); 'started'");
    await kernel.finished(id);
    await kernel.printed(id, "exit code 3");
    const next = await kernel.execute("'next'");
    assert.equal(next.result, "'next'");
    assert.match(next.stderr, /ExecutorLost[\s\S]*All variables are gone/);
    assert.equal((await kernel.execute("'told once'")).stderr, "");
    const killed = kernel.start("setTimeout(() => process.kill(process.pid, 'SIGKILL'), 500); 0");
    await kernel.finished(killed);
    await kernel.printed(killed, "SIGKILL");
    const headless = await kernel.execute("'headless'", { allow_stdin: false });
    assert.equal(headless.reply.ename, "ExecutorLost");
    assert.equal((await kernel.execute("'again'", { allow_stdin: false })).result, "'again'");
  });

  const readings: Record<string, string> = {
    "readline's question":
      "import * as rl from 'node:readline/promises'; const ask = rl.createInterface({ input: process.stdin, output: process.stdout }); const line = await ask.question('Name? '); ask.close(); line",
    "readline's callback":
      "import * as old from 'node:readline'; const face = old.createInterface({ input: process.stdin }); const heard = await new Promise<string>((done) => face.question('?', done)); face.close(); heard",
    "a data event":
      "await new Promise((heard) => process.stdin.once('data', (d) => { process.stdin.pause(); heard(String(d).trim()); }).resume())",
    iteration:
      "let first = ''; for await (const chunk of process.stdin) { first = String(chunk).trim(); break; } first",
  };
  for (const [how, code] of Object.entries(readings)) {
    it(`asks the person for what ${how} reads, and fails at once where there is nobody`, async () => {
      const asked = kernel.inputRequests.length;
      const id = kernel.start(code);
      await kernel.until(() => kernel.inputRequests.length > asked);
      const request = kernel.inputRequests[asked];
      kernel.send("input_reply", { value: "Ada", status: "ok" }, "stdin", request.header);
      const run = await kernel.finished(id);
      assert.equal(run.result, "'Ada'", run.traceback);
      const headless = await kernel.execute(code, { allow_stdin: false });
      assert.match(String(headless.reply.evalue), /process\.stdin needs a person/);
      assert.equal((await kernel.execute("'alive'")).result, "'alive'");
    });
  }

  it("can ask to confirm and alert", async () => {
    for (const [code, value, result] of [
      ["confirm('Sure?')", "y", "true"],
      ["confirm('Sure?')", "", "false"],
      ["alert('Look'); 'seen'", "", "'seen'"],
    ]) {
      const asked = kernel.inputRequests.length;
      const id = kernel.start(code);
      await kernel.until(() => kernel.inputRequests.length > asked);
      kernel.send("input_reply", { value, status: "ok" }, "stdin", kernel.inputRequests[asked].header);
      assert.equal((await kernel.finished(id)).result, result);
    }
    assert.equal((await kernel.execute("alert('Look')", { allow_stdin: false })).stdout, "Look\n");
    assert.match((await kernel.execute("confirm('?')", { allow_stdin: false })).traceback, /needs a person/);
  });

  const cycles: Record<string, string> = {
    itself: "const e1 = new Error('e1'); e1.cause = e1; throw e1;",
    "one that it causes": "const a1 = new Error('a'), b1 = new Error('b'); a1.cause = b1; b1.cause = a1; throw a1;",
    "an aggregate of itself": "const g = new AggregateError([], 'g'); g.errors.push(g, g); throw g;",
    "a long chain":
      "let c = new Error('0'); for (let i = 1; i < 5000; i++) c = new Error('link', { cause: c }); throw c;",
    "thousands at once":
      "throw new AggregateError(Array.from({ length: 5000 }, (_, i) => new Error('n' + i)), 'many');",
    "a tree that doubles":
      "let t: Error = new Error('leaf'); for (let i = 0; i < 40; i++) t = new AggregateError([t, t], 'both'); throw t;",
  };
  for (const [what, code] of Object.entries(cycles)) {
    it(`shows an error whose cause is ${what} in few lines`, async () => {
      const lines = (await kernel.execute(code)).traceback.split("\n").length;
      assert.ok(lines < 100, `${lines} lines`);
    });
  }

  const telling: Record<string, [code: string, lines: RegExp[]]> = {
    "what was assigned to it": [
      "throw Object.assign(new Error('x'), { code: 'E1', details: { a: [1, 2] } })",
      [/^\{ code: 'E1', details: \{ a: \[ 1, 2 \] \} \}$/m],
    ],
    "those of its causes": [
      "throw new Error('x', { cause: Object.assign(new Error('y'), { status: 404 }) })",
      [/^Caused by: Error: y$/m, /^\{ status: 404 \}$/m],
    ],
    "its parts and its cause": [
      "throw new AggregateError([new Error('one'), 'two'], 'all', { cause: new Error('why') })",
      [/^Caused by: Error: one$/m, /^Caused by: Thrown: 'two'$/m, /^Caused by: Error: why$/m],
    ],
    "a property called errors that holds none": [
      "throw Object.assign(new Error('z'), { errors: [{ path: 'a' }] })",
      [/^\{ errors: \[ \{ path: 'a' \} \] \}$/m],
    ],
    "getters, without running them": [
      "throw Object.defineProperty(new Error('g'), 'boom', { enumerable: true, get() { throw 1; } })",
      [/^Error: g$/m, /^\{ boom: \[Getter\] \}$/m],
    ],
    "a little of much": [
      "throw Object.assign(new Error('b'), { list: Array.from({ length: 5000 }, (_, i) => ({ i, t: 'x'.repeat(80) })) })",
      [/^… \d+ more lines$/m],
    ],
    "no more than it lets be seen": ["throw new Proxy(new Error('px'), { ownKeys() { throw 1; } })", [/^Error: px$/m]],
  };
  for (const [what, [code, lines]] of Object.entries(telling)) {
    it(`shows an error with ${what}`, async () => {
      const { traceback } = await kernel.execute(code);
      for (const line of lines) assert.match(traceback, line);
    });
  }

  const stackless: Record<string, string> = {
    "whose stack throws": "Object.defineProperty(new Error('told'), 'stack', { get() { throw 1; } })",
    "whose stack is no text": "Object.assign(new Error('told'), { stack: 5 as unknown as string })",
    "without a stack": "Object.assign(new Error('told'), { stack: '' })",
  };
  for (const [which, code] of Object.entries(stackless)) {
    it(`tells the message of an error ${which}`, async () => {
      assert.match((await kernel.execute(`throw ${code}`)).traceback, /^Error: told$/);
    });
  }

  it("tells the message where the program's own code, which makes the stack, fails", () =>
    withKernel({}, async (own) => {
      const code = "Error.prepareStackTrace = () => { throw 1; }; throw new Error('told')";
      assert.match((await own.execute(code)).traceback, /^Error: told$/);
    }));

  const values: Record<string, string> = {
    "a proxy that throws": "new Proxy({}, new Proxy({}, { get() { throw new Error('trap'); } }))",
    "a proxy whose get throws": "new Proxy({}, { get() { throw new Error('trap'); } })",
    "a proxy of a function":
      "new Proxy(() => {}, { get() { throw new Error('trap'); }, has() { throw new Error('trap'); } })",
    "a revoked proxy": "const rp = Proxy.revocable({}, {}); rp.revoke(); rp.proxy",
    "a throwing getter": "({ get [Symbol.for('Jupyter.display')](): unknown { throw new Error('getter'); } })",
    "a throwing inspector": "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('inspector'); } })",
    "an object of nothing": "Object.create(null)",
    "a throwing tag": "({ get [Symbol.toStringTag](): string { throw new Error('tag'); } })",
  };
  for (const [what, code] of Object.entries(values)) {
    it(`can end a cell with ${what}`, async () => {
      const run = await kernel.execute(code);
      assert.equal(run.reply.status, "ok", run.traceback);
      assert.equal(typeof run.result, "string");
    });
  }
});
