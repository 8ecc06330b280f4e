import assert from "node:assert/strict";
import type { Json } from "../wire/message.ts";
import { KernelClient } from "./client.ts";

describe("kernel: input and comms", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.stop());

  it("asks for input while heartbeat and control still answer", async () => {
    const id = kernel.start("const name = prompt('Name? '); name.length");
    await kernel.until(() => kernel.inputRequests.length === 1);
    const [request] = kernel.inputRequests;
    assert.deepEqual(request.content, { prompt: "Name? ", password: false });
    assert.equal(await kernel.beat(), "ping");
    assert.equal((await kernel.request("kernel_info_request", {}, "control")).status, "ok");
    kernel.send("input_reply", { value: "Ångström", status: "ok" }, "stdin", request.header);
    assert.equal((await kernel.finished(id)).result, "8");
  });

  it("fails a prompt where nobody can answer", async () => {
    const run = await kernel.execute("prompt('?')", { allow_stdin: false });
    assert.match(String(run.reply.evalue), /needs a person to ask/);
  });

  async function published(type: string, since: number): Promise<Json> {
    const find = () => kernel.published.slice(since).find(({ header }) => header.msg_type === type);
    await kernel.until(() => find() !== undefined);
    return find()?.content as Json;
  }

  it("opens, answers, lists and closes comms from the front-end's side", async () => {
    await kernel.execute(`Jupyter.comms.register("echo", (comm, data) => {
  comm.send({ opened: data });
  comm.onMessage((message) => { console.log("got", message.text); comm.send({ echo: message.text }); });
});`);
    let since = kernel.published.length;
    kernel.send("comm_open", { comm_id: "c1", target_name: "echo", data: { a: 1 } });
    assert.deepEqual(await published("comm_msg", since), { comm_id: "c1", data: { opened: { a: 1 } } });
    since = kernel.published.length;
    kernel.send("comm_msg", { comm_id: "c1", data: { text: "hello" } });
    assert.deepEqual(await published("comm_msg", since), { comm_id: "c1", data: { echo: "hello" } });
    assert.deepEqual((await kernel.request("comm_info_request", { target_name: "echo" })).comms, {
      c1: { target_name: "echo" },
    });
    kernel.send("comm_close", { comm_id: "c1", data: {} });
    assert.deepEqual((await kernel.request("comm_info_request", {})).comms, {});
  });

  it("opens and closes comms from the kernel's side, and hears when the front-end closes one", async () => {
    const run = await kernel.execute(
      "const comm = Jupyter.comms.open('panel', { a: 1 }); comm.send({ b: 2 }); Jupyter.comms.close(comm, { c: 3 });",
    );
    const sent = run.messages.filter(({ header }) => header.msg_type.startsWith("comm_"));
    assert.deepEqual(
      sent.map(({ header, content }) => [header.msg_type, content.target_name, content.data]),
      [
        ["comm_open", "panel", { a: 1 }],
        ["comm_msg", undefined, { b: 2 }],
        ["comm_close", undefined, { c: 3 }],
      ],
    );
    const opened = await kernel.execute(
      "const other = Jupyter.comms.open('panel'); other.onClose((data) => console.log('closed', data.why)); other.id",
    );
    const comm_id = String(opened.result).slice(1, -1);
    const before = kernel.published.length;
    kernel.send("comm_close", { comm_id, data: { why: "done" } });
    assert.equal((await published("stream", before)).text, "closed done\n");
  });

  it("closes a comm whose target nobody registered", async () => {
    const since = kernel.published.length;
    kernel.send("comm_open", { comm_id: "c2", target_name: "nothing", data: {} });
    assert.deepEqual(await published("comm_close", since), { comm_id: "c2", data: {} });
  });
});
