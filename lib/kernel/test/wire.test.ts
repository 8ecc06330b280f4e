import assert from "node:assert/strict";
import fc from "fast-check";
import { decode, encode, WireError } from "../wire/frames.ts";
import { sign, verify } from "../wire/signature.ts";
import { KernelClient } from "./client.ts";

const KEY = "a-key-for-tests";

/** What happens to frames on their way: some bytes, or the frames themselves. */
const damage = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("truncate" as const), at: fc.nat(), bits: fc.nat() }),
  fc.record({ kind: fc.constant("drop" as const), at: fc.nat(), bits: fc.nat() }),
  fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(), bits: fc.nat() }),
  fc.record({ kind: fc.constant("noise" as const), at: fc.nat(), bits: fc.nat() }),
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function mutate(frames: Buffer[], { kind, at, bits }: Damage): Buffer[] {
  const index = at % frames.length;
  const frame = Buffer.from(frames[index]);
  if (kind === "drop") return frames.toSpliced(index, 1);
  if (kind === "repeat") return frames.toSpliced(index, 0, frame);
  if (kind === "truncate") return frames.with(index, frame.subarray(0, bits % (frame.length + 1)));
  if (kind === "noise") return frames.with(index, Buffer.from(sign("noise", [Buffer.from(String(bits))])));
  if (frame.length > 0) frame[bits % frame.length] ^= (bits % 255) + 1;
  return frames.with(index, frame);
}

describe("kernel: wire", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.stop());

  const assertAlive = async () => assert.equal((await kernel.execute("'alive'")).result, "'alive'");

  it("verifies signatures, of any length", () => {
    const parts = [Buffer.from("{}"), Buffer.from("{}")];
    assert.ok(verify(KEY, Buffer.from(sign(KEY, parts)), parts));
    assert.ok(!verify(KEY, Buffer.from(sign("other", parts)), parts));
    assert.ok(!verify(KEY, Buffer.from(""), parts));
    assert.ok(verify("", Buffer.from("anything"), parts));
  });

  it("looks into no frame before its signature is right", () => {
    const good = encode(kernel.message("execute_request", { code: "1" }), KEY);
    const unparsable = Buffer.from("{");
    const at = good.length - 1;
    assert.throws(() => decode(good.with(at, unparsable), KEY), /wrong signature/);
    const signature = Buffer.from(sign(KEY, [...good.slice(2, at), unparsable]));
    assert.throws(() => decode(good.with(at, unparsable).with(1, signature), KEY), /a frame is not JSON/);
  });

  it("drops forged, truncated, malformed and replayed messages without an answer", async () => {
    const good = encode(kernel.message("execute_request", { code: "globalThis.forged = true" }), KEY);
    const forged = encode(kernel.message("execute_request", { code: "globalThis.forged = true" }), "another key");
    const bad = [
      forged,
      good.slice(0, 4),
      good.slice(0, 1),
      [],
      [Buffer.alloc(0)],
      [...good.slice(0, 2), ...good.slice(3)],
    ];
    const before = kernel.replies.length;
    for (const frames of bad) if (frames.length > 0) await kernel.shell.send(frames);
    await assertAlive();
    assert.equal(kernel.replies.length, before + 1);
    assert.equal((await kernel.execute("'forged' in globalThis")).result, "false");
    const once = encode(
      kernel.message("execute_request", { code: "globalThis.times = (globalThis.times ?? 0) + 1" }),
      KEY,
    );
    for (let i = 0; i < 3; i++) await kernel.shell.send(once);
    await assertAlive();
    assert.equal((await kernel.execute("times", { allow_stdin: true })).result, "1");
  });

  it("survives signed nonsense: every field of every request type with the wrong type", async () => {
    const kinds = ["execute", "complete", "inspect", "is_complete", "history", "comm_info", "kernel_info", "unknown"];
    const values = [null, 1, "x", [], {}, true];
    for (const kind of kinds) {
      for (const value of values) {
        const content = { code: value, cursor_pos: value, detail_level: value, hist_access_type: value, n: value };
        kernel.send(`${kind}_request`, { ...content, user_expressions: value, pattern: value, session: value });
      }
      for (const comm of ["comm_open", "comm_msg", "comm_close"]) kernel.send(comm, { comm_id: values, data: 1 });
    }
    await kernel.execute("0", { stop_on_error: false });
    await assertAlive();
  });

  it("survives enormous messages", async () => {
    const big = kernel.message("comm_msg", { comm_id: "none", data: {} });
    await kernel.shell.send(encode({ ...big, buffers: [Buffer.alloc(100 * 2 ** 20)] }, KEY));
    const run = await kernel.execute(`/* ${"x".repeat(4 * 2 ** 20)} */ 'big'`);
    assert.equal(run.result, "'big'");
  });

  it("either decodes or refuses 10 000 damaged messages, and never anything else", () => {
    const frames = encode(kernel.message("execute_request", { code: "1 + 1" }), KEY);
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const damaged = damages.reduce(mutate, frames).filter((frame) => frame !== undefined);
        try {
          decode(damaged, KEY);
        } catch (error) {
          assert.ok(error instanceof WireError, String(error));
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it("lives on after 10 000 damaged messages on its sockets, and executes none of them", async () => {
    const frames = encode(kernel.message("execute_request", { code: "globalThis.damaged = true" }), KEY);
    const damages = fc.sample(fc.array(damage, { minLength: 1, maxLength: 3 }), { numRuns: 10_000, seed: 1 });
    const isWhole = (sent: Buffer[]) => sent.some((_, at) => frames.every((frame, i) => sent[at + i]?.equals(frame)));
    for (const [i, some] of damages.entries()) {
      const damaged = some.reduce(mutate, frames);
      const channel = i % 3 === 0 ? kernel.control : i % 3 === 1 ? kernel.stdin : kernel.shell;
      if (damaged.length > 0 && !isWhole(damaged)) await channel.send(damaged);
    }
    await assertAlive();
    assert.equal((await kernel.execute("'damaged' in globalThis")).result, "false");
    assert.equal(await kernel.beat(), "ping");
  });
});
