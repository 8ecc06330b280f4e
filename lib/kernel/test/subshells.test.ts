import assert from "node:assert/strict";
import type { Json } from "../wire/message.ts";
import { type Executed, KernelClient } from "./client.ts";

/** After ipykernel's own tests of subshells. */
describe("kernel: subshells", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.execute("const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));");
  });
  after(() => kernel.stop());

  const control = (type: string, content: Json = {}) => kernel.request(type, content, "control");
  const list = async () => (await control("list_subshell_request")).subshell_id as string[];
  const create = async () => String((await control("create_subshell_request")).subshell_id);

  function start(code: string, subshell_id?: string, options: Json = {}): string {
    return kernel.start(code, options, { subshell_id });
  }

  const run = (code: string, subshell?: string, options: Json = {}): Promise<Executed> =>
    kernel.finished(start(code, subshell, options));

  async function withSubshell(work: (id: string) => Promise<void>): Promise<void> {
    const id = await create();
    try {
      await work(id);
    } finally {
      assert.deepEqual(await control("delete_subshell_request", { subshell_id: id }), { status: "ok" });
    }
  }

  it("says that it has them", async () => {
    const { supported_features } = await kernel.request("kernel_info_request", {});
    assert.ok((supported_features as string[]).includes("kernel subshells"));
  });

  it("creates, lists and deletes them, also while a cell computes", async () => {
    assert.deepEqual(await list(), []);
    const busy = start("console.log('go'); while (true) {}");
    await kernel.printed(busy, "go");
    const id = await create();
    assert.deepEqual(await list(), [id]);
    assert.deepEqual(await control("delete_subshell_request", { subshell_id: id }), { status: "ok" });
    assert.deepEqual(await list(), []);
    const again = await control("delete_subshell_request", { subshell_id: id });
    assert.equal(again.status, "error");
    assert.match(String(again.evalue), new RegExp(id));
    await kernel.interrupt();
    await kernel.finished(busy);
    assert.equal((await run("1", id)).reply.ename, "SubshellError");
  });

  it("runs cells of two shells in turns at their awaits, with the same variables and outputs of their own", () =>
    withSubshell(async (id) => {
      await kernel.execute("let stage = 0; const until = async (n: number) => { while (stage < n) await sleep(1); };");
      const main = start("console.log('main'); stage = 1; await until(2); console.log('main again'); stage = 3; 'm'");
      const other = start("await until(1); console.log('other'); stage = 2; await until(3); 'o'", id);
      const [first, second] = [await kernel.finished(main), await kernel.finished(other)];
      assert.deepEqual([first.stdout, first.result], ["main\nmain again\n", "'m'"]);
      assert.deepEqual([second.stdout, second.result], ["other\n", "'o'"]);
      for (const { header, parent, content } of kernel.publishedFor(other)) {
        assert.equal((parent as Json).subshell_id, id, `${header.msg_type} ${content.execution_state}`);
      }
    }));

  it("runs cells of two subshells at once, and one cell after the other in each", () =>
    withSubshell((a) =>
      withSubshell(async (b) => {
        await kernel.execute("const order: string[] = [];");
        const cell = (name: string, other: string) =>
          `order.push("${name}"); while (!order.includes("${other}")) await sleep(1); order.push("/${name}");`;
        const ids = [
          start(cell("a", "b"), a),
          start(cell("b", "a"), b),
          start(cell("c", "a"), a),
          start(cell("d", "b"), b),
        ];
        const replies = await Promise.all(ids.map((id) => kernel.finished(id)));
        const order = String((await kernel.execute("order.join('')")).result);
        for (const pattern of [/\/a.*c/, /\/b.*d/]) assert.match(order, pattern);
        const counts = replies.map(({ reply }) => reply.execution_count);
        assert.equal(new Set(counts).size, 4);
      }),
    ));

  it("aborts the queue of the shell whose cell failed, and no other", () =>
    withSubshell(async (id) => {
      for (const [failing, other] of [
        [undefined, id],
        [id, undefined],
      ]) {
        const ids = [
          start("await sleep(30); throw new Error('expected')", failing),
          start("'hello'", failing),
          start("await sleep(60)", other),
          start("'other'", other),
        ];
        const runs = await Promise.all(ids.map((one) => kernel.finished(one)));
        assert.deepEqual(
          runs.map(({ reply }) => reply.status),
          ["error", "aborted", "ok", "ok"],
        );
        assert.equal((await run("'check'", failing)).result, "'check'");
      }
    }));

  it("tells busy and idle of each request once", () =>
    withSubshell(async (id) => {
      const ids = [start("await sleep(30)"), start("await sleep(10)", id)];
      await Promise.all(ids.map((one) => kernel.finished(one)));
      for (const one of ids) {
        const states = kernel.publishedFor(one).flatMap(({ content }) => content.execution_state ?? []);
        assert.deepEqual(states, ["busy", "idle"]);
      }
    }));

  it("publishes nothing of a silent cell, also while another speaks", () =>
    withSubshell(async (id) => {
      const silent = start("await sleep(20); console.log('silent'); 1", id, { silent: true });
      const noisy = start("await sleep(5); console.log('noisy'); await sleep(30);");
      const [quiet, loud] = [await kernel.finished(silent), await kernel.finished(noisy)];
      assert.equal(loud.stdout, "noisy\n");
      assert.ok(quiet.messages.every(({ header }) => header.msg_type === "status"));
    }));

  it("stops the cells of all shells at an interrupt, and keeps the state", () =>
    withSubshell(async (id) => {
      await kernel.execute("let kept = 'kept';");
      for (const code of ["for (;;) await sleep(1)", "while (true) {}", "/(a+)+$/.test('a'.repeat(60) + 'b')"]) {
        const waiting = start("console.log('waits'); await sleep(60_000)");
        await kernel.printed(waiting, "waits");
        const working = start(`console.log('works'); ${code}`, id);
        await kernel.printed(working, "works");
        await kernel.interrupt();
        for (const one of [waiting, working]) {
          assert.equal((await kernel.finished(one)).reply.ename, "KeyboardInterrupt");
        }
        assert.equal((await run("kept", id)).result, "'kept'");
      }
    }));

  it("tells every shell when the executor is lost", () =>
    withSubshell(async (id) => {
      const waiting = start("console.log('waits'); await new Promise(() => {})", id);
      await kernel.printed(waiting, "waits");
      assert.equal((await run("process.exit(2)")).reply.ename, "ExecutorLost");
      assert.equal((await kernel.finished(waiting)).reply.ename, "ExecutorLost");
      assert.equal((await run("'fresh'", id)).result, "'fresh'");
    }));

  it("asks for input in the name of the cell that wants it, and shuts down with a subshell open", async () => {
    const id = await create();
    const main = start("await new Promise((r) => setTimeout(r, 300)); 'main'");
    const asking = start("prompt('sub?')", id);
    await kernel.until(() => kernel.inputRequests.length > 0);
    const [request] = kernel.inputRequests;
    assert.equal((request.parent as Json).msg_id, asking);
    kernel.send("input_reply", { value: "yes", status: "ok" }, "stdin", request.header);
    assert.equal((await kernel.finished(asking)).result, "'yes'");
    assert.equal((await kernel.finished(main)).result, "'main'");
  });
});
