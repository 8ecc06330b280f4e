import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { joinBytes, splitBytes } from "../widgets/buffers.ts";
import type { Json, Message } from "../wire/message.ts";
import { type Executed, KernelClient } from "./client.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";

describe("kernel: bytes in a widget's state", () => {
  it("come out of any value and go back to their places", () => {
    const bytes = fc.uint8Array().map((value) => new Uint8Array(value));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), bytes),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tree, { noNullPrototype: true }), (value) => {
        const { json, paths, buffers } = splitBytes(value);
        const sent = JSON.parse(JSON.stringify(json)) as Json;
        joinBytes(sent, JSON.parse(JSON.stringify(paths)), buffers);
        assert.deepEqual(sent, value);
      }),
    );
  });

  it("never go to what all objects inherit", () => {
    joinBytes(
      {},
      [
        ["__proto__", "planted"],
        ["constructor", "prototype", "planted"],
      ],
      [new Uint8Array(1), new Uint8Array(1)],
    );
    assert.equal(({} as Json).planted, undefined);
  });
});

describe("kernel: widgets", () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-widgets-"));
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder });
  });
  after(() => kernel.stop());

  const comms = (messages: Message[], type: string) => messages.filter(({ header }) => header.msg_type === type);
  const dataOf = ({ content }: Message) => content.data as Json;

  function modelOf({ messages, reply }: Executed): string {
    const data = messages.find(({ header }) => header.msg_type === "execute_result")?.content.data as Json | undefined;
    assert.ok(data, JSON.stringify(reply));
    return (data[VIEW] as { model_id: string }).model_id;
  }

  /** What a front-end says to a widget, and what it hears as an answer. */
  async function tell(comm_id: string, data: Json, buffers: Buffer[] = []): Promise<Message[]> {
    const message = { ...kernel.message("comm_msg", { comm_id, data }), buffers };
    const id = kernel.sendMessage(message);
    await kernel.until(() => kernel.publishedFor(id).some((m) => m.content.execution_state === "idle"));
    return comms(kernel.publishedFor(id), "comm_msg");
  }

  it("open as anywidget's front-end part expects, with bytes beside the state", async () => {
    const shown = await kernel.execute(
      `const made = Jupyter.widget({ esm: "export default { render() {} }", css: "b {}", state: { n: 1, deep: { raw: new Uint8Array([1, 2]) } } }); made`,
    );
    const [opened] = comms(shown.messages, "comm_open");
    assert.equal(opened.content.target_name, "jupyter.widget");
    assert.deepEqual(opened.metadata, { version: "2.1.0" });
    const { state, buffer_paths } = dataOf(opened) as { state: Json; buffer_paths: unknown };
    assert.deepEqual(buffer_paths, [["deep", "raw"]]);
    assert.deepEqual(opened.buffers, [Buffer.from([1, 2])]);
    const { _model_module, _model_name, _view_module, _view_name, _esm, _css, n, deep } = state;
    assert.deepEqual(
      [_model_module, _model_name, _view_module, _view_name],
      ["anywidget", "AnyModel", "anywidget", "AnyView"],
    );
    assert.deepEqual([_esm, _css, n, deep], ["export default { render() {} }", "b {}", 1, { raw: null }]);
    assert.equal(modelOf(shown), opened.content.comm_id);
  });

  it("take their view from a file", async () => {
    writeFileSync(join(folder, "view.js"), "export default { render() { /* from a file */ } };");
    const shown = await kernel.execute('Jupyter.widget({ esm: "./view.js" })');
    const [opened] = comms(shown.messages, "comm_open");
    assert.match((dataOf(opened).state as { _esm: string })._esm, /from a file/);
    const absent = await kernel.execute('Jupyter.widget({ esm: "./absent.js" })');
    assert.match(String(absent.reply.evalue), /ENOENT.*absent\.js/);
  });

  it("share their traits: the page's changes are heard and echoed, the kernel's are sent", async () => {
    const shown = await kernel.execute(
      "const shared = Jupyter.widget({ esm: ' ', state: { n: 1, raw: new Uint8Array(0) } });\n" +
        "const heard: unknown[] = []; const stop = shared.onChange('n', (n) => heard.push(n)); shared",
    );
    const id = modelOf(shown);
    const [echo] = await tell(id, { method: "update", state: { n: 5, raw: null }, buffer_paths: [["raw"]] }, [
      Buffer.from([7]),
    ]);
    assert.deepEqual(dataOf(echo), { method: "echo_update", state: { n: 5, raw: null }, buffer_paths: [["raw"]] });
    assert.equal(
      (await kernel.execute("[shared.state.n, [...shared.state.raw], heard, stop()]")).result,
      "[ 5, [ 7 ], [ 5 ], true ]",
    );
    await tell(id, { method: "update", state: { n: 6 }, buffer_paths: [] });
    assert.equal((await kernel.execute("heard")).result, "[ 5 ]");
    const set = await kernel.execute("shared.state.n = 9; shared.set({ n: 10, raw: new Uint8Array([3]) });");
    const sent = comms(set.messages, "comm_msg");
    assert.deepEqual(
      sent.map((message) => (dataOf(message).state as Json).n),
      [9, 10],
    );
    assert.deepEqual(sent[1].buffers, [Buffer.from([3])]);
  });

  it("exchange messages of their own with the page", async () => {
    const shown = await kernel.execute(
      "const chat = Jupyter.widget({ esm: ' ' }); chat.onMessage((content, [raw]) => chat.send({ got: content.x }, [raw])); chat",
    );
    const [answer] = await tell(modelOf(shown), { method: "custom", content: { x: 4 } }, [Buffer.from("raw")]);
    assert.deepEqual(dataOf(answer), { method: "custom", content: { got: 4 } });
    assert.deepEqual(answer.buffers, [Buffer.from("raw")]);
  });

  it("are given back to a page that is loaded anew, one by one and all at once", async () => {
    const shown = await kernel.execute(
      "const kept = Jupyter.widget({ esm: 'kept', state: { n: 1 } }); kept.state.n = 8; kept",
    );
    const id = modelOf(shown);
    await kernel.execute("'a later cell'");
    const [alone] = await tell(id, { method: "request_state" });
    assert.deepEqual([(dataOf(alone).state as Json).n, (dataOf(alone).state as Json)._esm], [8, "kept"]);
    kernel.send("comm_open", { comm_id: "control", target_name: "jupyter.widget.control", data: {} });
    const [all] = await tell("control", { method: "request_states" });
    const { method, states } = dataOf(all) as { method: string; states: Record<string, Json> };
    assert.equal(method, "update_states");
    assert.equal(states[id].model_name, "AnyModel");
    assert.equal((states[id].state as Json).n, 8);
    await kernel.execute("kept.close()");
    const [later] = await tell("control", { method: "request_states" });
    assert.ok(!Object.hasOwn((dataOf(later) as { states: Json }).states, id));
  });

  it("slide: a front-end moves a slider while a cell awaits, and it survives an interrupt", async () => {
    const shown = await kernel.execute(
      "const slider = Jupyter.slider({ min: 0, max: 10, description: 'guidance' }); slider",
    );
    const id = modelOf(shown);
    const move = (value: number) => tell(id, { method: "update", state: { value }, buffer_paths: [] });
    const waiting = kernel.start(
      "console.log('go'); await new Promise<void>((moved) => slider.onChange(() => moved())); slider.value",
    );
    await kernel.printed(waiting, "go");
    await move(7);
    assert.equal((await kernel.finished(waiting)).result, "7");
    const loop = kernel.start("console.log('go'); for (;;) {}");
    await kernel.printed(loop, "go");
    await kernel.interrupt();
    await kernel.finished(loop);
    await move(3);
    assert.equal((await kernel.execute("slider.value")).result, "3");
    for (const wrong of ["{ min: 2, max: 2 }", "{ min: 0, max: 1, step: 0 }"]) {
      assert.equal((await kernel.execute(`Jupyter.slider(${wrong})`)).reply.ename, "RangeError");
    }
  });

  it("take keys: what is held down, and every key as it goes down or up", async () => {
    const shown = await kernel.execute(
      "const keyboard = Jupyter.keyboard({ keys: ['w', 'a'] }); const seen: string[] = [];\n" +
        "keyboard.onKey(({ type, key }) => seen.push(type + key)); keyboard",
    );
    const id = modelOf(shown);
    const press = (type: string, key: string) => tell(id, { method: "custom", content: { type, key, time: 1 } });
    for (const [type, key] of [
      ["down", "w"],
      ["down", "a"],
      ["up", "w"],
    ])
      await press(type, key);
    const held = await kernel.execute("[keyboard.pressed, seen]", { allow_stdin: false });
    assert.equal(held.result, "[ [ 'a' ], [ 'downw', 'downa', 'upw' ] ]");
    // A page that has only now drawn the area knows of no key.
    await press("none", "");
    assert.equal((await kernel.execute("keyboard.pressed")).result, "[]");
    const painted = await kernel.execute("keyboard.show(new Uint8Array([9]), 'image/jpeg');");
    const [update] = comms(painted.messages, "comm_msg");
    assert.deepEqual(dataOf(update), {
      method: "update",
      state: { picture: null, mime: "image/jpeg" },
      buffer_paths: [["picture"]],
    });
  });

  it("are typed", async () => {
    const headless = { allow_stdin: false };
    await kernel.execute("const typed = Jupyter.widget({ esm: ' ', state: { n: 1 } });", headless);
    assert.match(String((await kernel.execute("typed.state.n = 'x'", headless)).reply.evalue), /TS2322/);
    assert.match(String((await kernel.execute("typed.onChange('m', () => {})", headless)).reply.evalue), /TS2345/);
  });
});
