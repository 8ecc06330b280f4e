import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type Executed, KernelClient } from "./client.ts";
import { childrenOf, executorOf } from "./processes.ts";

/** What a machine whose cores are all taken may need for the rest; the type checker gets no time at all. */
const AT_ONCE_MS = 3000;

const HEADLESS = { allow_stdin: false };

describe("kernel: interrupts while the type checker gets no time", () => {
  let kernel: KernelClient;
  let executor: number;

  async function startKernel(checkerIdle: number): Promise<void> {
    kernel = await KernelClient.start({ env: { TYPEBOOK_CHECKER_IDLE: String(checkerIdle) } });
    await kernel.execute("let kept = 'kept'");
    executor = await executorOf(kernel);
  }

  const checkers = () => childrenOf(kernel).filter((pid) => pid !== executor);

  async function interrupted(id: string): Promise<void> {
    const start = Date.now();
    assert.equal((await kernel.interrupt()).status, "ok");
    assertInterrupted(await kernel.finished(id));
    assert.ok(Date.now() - start < AT_ONCE_MS, `it took ${Date.now() - start} ms`);
  }

  function assertInterrupted(run: Executed): void {
    assert.equal(run.reply.ename, "KeyboardInterrupt", JSON.stringify(run.reply));
  }

  async function assertStateKept(): Promise<void> {
    const run = await kernel.execute("[kept, process.pid]", HEADLESS);
    assert.equal(run.result, `[ 'kept', ${executor} ]`, run.traceback);
    assert.equal((await kernel.execute("never", HEADLESS)).reply.ename, "TypeCheckError");
  }

  describe("and is there", () => {
    beforeEach(() => startKernel(60_000));
    afterEach(() => kernel.stop());

    const stopChecker = () => process.kill(checkers()[0], "SIGSTOP");

    it("stops a cell that waits for it", async () => {
      stopChecker();
      const id = kernel.start("let never = 1", HEADLESS);
      await sleep(500);
      await interrupted(id);
      await assertStateKept();
    });

    it("stops a cell that runs beside it", async () => {
      const id = kernel.start("console.log('go'); await new Promise((r) => setTimeout(r, 1e6))");
      stopChecker();
      await sleep(500);
      await interrupted(id);
    });

    it("stops a cell that the interrupt has overtaken", async () => {
      stopChecker();
      const message = kernel.message("execute_request", { code: "let never = 1", ...HEADLESS });
      await kernel.interrupt();
      const start = Date.now();
      assertInterrupted(await kernel.finished(kernel.sendMessage(message)));
      assert.ok(Date.now() - start < AT_ONCE_MS);
      process.kill(checkers()[0], "SIGCONT");
      await assertStateKept();
    });

    it("stops what comes after a cell, its user expressions", async () => {
      const code = "import { execSync } from 'node:child_process'; execSync(`kill -STOP ${pid}`); 1";
      await kernel.execute(`const pid = ${checkers()[0]}`);
      const id = kernel.start(code, { ...HEADLESS, user_expressions: { one: "1" } });
      await kernel.until(() => kernel.publishedFor(id).some(({ header }) => header.msg_type === "execute_result"));
      await sleep(500);
      await interrupted(id);
    });
  });

  describe("and has to be started", () => {
    before(() => startKernel(1));
    after(() => kernel.stop());

    it("stops a cell that waits for it, and does not start it all over again", async () => {
      await kernel.until(() => checkers().length === 0);
      const id = kernel.start("let never = 1", HEADLESS);
      while (checkers().length === 0) await sleep(1);
      const [checker] = checkers();
      process.kill(checker, "SIGSTOP");
      await sleep(500);
      await interrupted(id);
      await interrupted(kernel.start("let never = 2", HEADLESS));
      assert.deepEqual(checkers(), [checker]);
      process.kill(checker, "SIGCONT");
      await assertStateKept();
    });
  });
});
