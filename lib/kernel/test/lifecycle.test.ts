import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelClient, PACKAGE } from "./client.ts";
import { childrenOf, executorOf } from "./processes.ts";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function dies(pid: number, within: number): Promise<void> {
  const deadline = Date.now() + within;
  while (isAlive(pid)) {
    assert.ok(Date.now() < deadline, `process ${pid} outlived ${within} ms`);
    await sleep(20);
  }
}

describe("kernel: life and death", () => {
  it("shuts down within five seconds while a cell computes, and takes the executor along", async () => {
    const kernel = await KernelClient.start();
    const executor = await executorOf(kernel);
    const id = kernel.start("console.log('go'); while (true) {}");
    await kernel.printed(id, "go");
    const exit = once(kernel.process, "exit");
    const start = Date.now();
    const reply = await kernel.request("shutdown_request", { restart: false }, "control");
    assert.deepEqual(reply, { status: "ok", restart: false });
    assert.deepEqual(await exit, [0, null]);
    assert.ok(Date.now() - start < 5000);
    await dies(executor, 1000);
    await kernel.stop();
  });

  it("says in its reply whether it ends for a restart", async () => {
    const kernel = await KernelClient.start();
    const exit = once(kernel.process, "exit");
    const reply = await kernel.request("shutdown_request", { restart: true }, "control");
    assert.deepEqual(reply, { status: "ok", restart: true });
    assert.deepEqual(await exit, [0, null]);
    await kernel.stop();
  });

  it("replaces a killed executor and says so", async () => {
    const kernel = await KernelClient.start();
    const executor = await executorOf(kernel);
    const id = kernel.start("console.log('go'); await new Promise(() => {});");
    await kernel.printed(id, "go");
    process.kill(executor, "SIGKILL");
    const run = await kernel.finished(id);
    assert.equal(run.reply.ename, "ExecutorLost");
    assert.match(String(run.reply.evalue), /SIGKILL/);
    assert.notEqual(await executorOf(kernel), executor);
    process.kill(await executorOf(kernel), "SIGKILL");
    await sleep(300);
    assert.equal((await kernel.execute("'between cells'")).result, "'between cells'");
    await kernel.stop();
  });

  it("starts a killed language process again, which still knows the earlier cells", async () => {
    const kernel = await KernelClient.start();
    await kernel.execute("const known = { deep: 1 };");
    const executor = await executorOf(kernel);
    process.kill(childrenOf(kernel).find((child) => child !== executor) as number, "SIGKILL");
    await sleep(300);
    const run = await kernel.execute("known.deep + 1", { allow_stdin: false });
    assert.equal(run.result, "2", JSON.stringify(run.reply));
    assert.equal((await kernel.execute("known.wrong", { allow_stdin: false })).reply.ename, "TypeCheckError");
    await kernel.stop();
  });

  it("ends when its parent has died", async () => {
    const parent = spawn("sleep", ["60"]);
    const kernel = await KernelClient.start({ env: { JPY_PARENT_PID: String(parent.pid) } });
    const executor = await executorOf(kernel);
    parent.kill("SIGKILL");
    await once(kernel.process, "exit");
    await dies(executor, 1000);
    await kernel.stop();
  });

  it("leaves no executor behind when it is killed itself, even in the middle of a loop", async () => {
    const kernel = await KernelClient.start();
    const executor = await executorOf(kernel);
    const id = kernel.start("console.log('go'); while (true) {}");
    await kernel.printed(id, "go");
    kernel.process.kill("SIGKILL");
    await dies(executor, 2000);
    await kernel.stop();
  });

  it("runs two kernels at once, with state of their own", async () => {
    const kernels = await Promise.all([KernelClient.start(), KernelClient.start()]);
    const codes = ["let own = 'first'", "let own = 'second'"];
    await Promise.all(kernels.map((kernel, i) => kernel.execute(codes[i])));
    const results = await Promise.all(kernels.map((kernel) => kernel.execute("own")));
    assert.deepEqual(
      results.map(({ result }) => result),
      ["'first'", "'second'"],
    );
    await Promise.all(kernels.map((kernel) => kernel.stop()));
  });

  it("remembers history over restarts: tail, range and search", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "kernel-history-")), "history.jsonl");
    const env = { TYPEBOOK_HISTORY: file };
    const first = await KernelClient.start({ env });
    for (const code of ["1 + 1", "'two'", "'two'"]) await first.execute(code);
    await first.execute("'unstored'", { store_history: false });
    await first.stop();
    const kernel = await KernelClient.start({ env });
    await kernel.execute("3");
    const ask = async (content: object) =>
      (await kernel.request("history_request", { output: false, raw: true, ...content })).history;
    assert.deepEqual(await ask({ hist_access_type: "tail", n: 2 }), [
      [1, 3, "'two'"],
      [2, 1, "3"],
    ]);
    assert.deepEqual(await ask({ hist_access_type: "range", session: -1, start: 1, stop: 2 }), [[1, 1, "1 + 1"]]);
    assert.deepEqual(await ask({ hist_access_type: "search", pattern: "'t*", unique: true }), [[1, 3, "'two'"]]);
    assert.deepEqual(await ask({ hist_access_type: "range", session: 0, start: 1, stop: null, output: true }), [
      [2, 1, ["3", null]],
    ]);
    await kernel.stop();
  });

  it("refuses a connection file that is none, with its name", async () => {
    const kernel = spawn("node", [join(PACKAGE, "launch/launch.mjs"), "/nowhere/connection.json"]);
    let log = "";
    kernel.stderr.on("data", (text) => {
      log += text;
    });
    const [code] = await once(kernel, "exit");
    assert.notEqual(code, 0);
    assert.match(log, /\/nowhere\/connection\.json/);
  });
});
