import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../../lib/util/errors.ts";
import { fromRoot } from "../../../lib/util/root.ts";
import { doomWorld } from "../../../lib/world/doom/doom.ts";
import { DoomServer } from "../../../lib/world/doom/server.ts";
import { camerasOf } from "../../../lib/world/doom/units.ts";
import { installedOrSkipped } from "./installed.ts";

const PICTURE = 80 * 48 * 3;
const ROOM = { x: -4.3, z: -2.9, yaw: 0, pitch: 0 };
const views = (count: number) => camerasOf(Array.from({ length: count }, (_, i) => ({ ...ROOM, yaw: i / 9 })));

/** Living processes of a server's group: their ids and programs. */
const groupOf = (pid: number): { id: number; program: string }[] =>
  execFileSync("ps", ["-A", "-o", "pid=,pgid=,stat=,comm="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, state]) => group === String(pid) && !state.startsWith("Z"))
    .map(([id, , , program]) => ({ id: Number(id), program }));
const engineOf = (pid: number): number =>
  (groupOf(pid).find(({ program }) => program.endsWith("vizdoom")) as { id: number }).id;
/** Files of memory that a server shares with its engine, where the system shows them. */
const sharedBy = (pid: number): string[] =>
  process.platform === "linux"
    ? [...new Set(readFileSync(`/proc/${engineOf(pid)}/maps`, "utf8").match(/\/dev\/shm\/ViZDoom\w+/g))]
    : [];

async function waitUntil(isSo: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 300 && !isSo(); i++) await delay(100);
  assert.ok(isSo(), what);
}

describe("the server of doom", () => {
  const temporary = process.env.TMPDIR;
  let folder: string;
  before(async function () {
    await installedOrSkipped(this);
  });
  // Where servers put their files, so that what is left there is theirs.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "doom-"));
    process.env.TMPDIR = folder;
  });
  afterEach(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    rmSync(folder, { recursive: true });
  });

  const filesOfServers = () => readdirSync(folder).filter((name) => name.startsWith("worldcompass-doom-"));

  /** Nothing of a server is left: no process, no file. */
  async function isGone(pid: number, shared: readonly string[]): Promise<void> {
    await waitUntil(() => groupOf(pid).length === 0, "a process is left");
    const left = () => [...filesOfServers(), ...shared.filter(existsSync)];
    await waitUntil(() => left().length === 0, "a file is left");
  }

  it("draws the same in every process, in any order and grouping", async () => {
    const count = 120;
    const cameras = views(count);
    const [one, other] = await Promise.all([DoomServer.start(), DoomServer.start()]);
    const there = await one.server.render(cameras, PICTURE);
    for (let i = count - 1; i >= 0; i -= 7) {
      const first = Math.max(0, i - 6);
      const some = await other.server.render(cameras.subarray(4 * first, 4 * (i + 1)), PICTURE);
      assert.deepEqual(some, there.subarray(first * PICTURE, (i + 1) * PICTURE), `pictures ${first} to ${i}`);
    }
    assert.deepEqual(await one.server.render(cameras, PICTURE), there);
    await Promise.all([one.server.close(), other.server.close()]);
  });

  it("answers requests that overlap in their order, and none with nothing", async () => {
    const { server } = await DoomServer.start();
    const cameras = views(6);
    const [all, first, none] = await Promise.all([
      server.render(cameras, PICTURE),
      server.render(cameras.subarray(0, 4), PICTURE),
      server.render(new Int32Array(0), PICTURE),
    ]);
    assert.deepEqual([all.length, first, none.length], [6 * PICTURE, all.subarray(0, PICTURE), 0]);
    await server.close();
  });

  it("leaves no process and no file when closed, and says so when asked again", async () => {
    const { server } = await DoomServer.start();
    const pid = server.pid as number;
    const shared = sharedBy(pid);
    assert.equal(filesOfServers().length, 1);
    await server.close();
    await isGone(pid, shared);
    await assert.rejects(server.render(views(1), PICTURE), /closed\n.*openWorld/);
    await server.close();
  });

  it("is missed with one clear line when it is killed amid its work, and its engine ends with it", async () => {
    const { server } = await DoomServer.start();
    const pid = server.pid as number;
    const shared = sharedBy(pid);
    const drawing = server.render(views(20_000), PICTURE);
    await delay(200);
    process.kill(pid, "SIGKILL");
    const missed = (error: unknown) =>
      error instanceof UserError && /^the ViZDoom server ended with SIGKILL\n {2}-> [^\n]+$/.test(error.message);
    await assert.rejects(drawing, missed);
    await assert.rejects(server.render(views(1), PICTURE), missed);
    await isGone(pid, shared);
    await server.close();
  });

  it("says what happened when the engine is killed", async () => {
    const { server } = await DoomServer.start();
    process.kill(engineOf(server.pid as number), "SIGKILL");
    await assert.rejects(server.render(views(50), PICTURE), (error: unknown) => {
      return error instanceof UserError && /^ViZDoom: \w*Exception: [^\n]+\n {2}-> [^\n]+$/.test(error.message);
    });
    await server.close();
  });

  it("ends with its parent, whether that ends by itself or is killed amid its work", async () => {
    const script = `
      import { DoomServer } from ${JSON.stringify(fromRoot("lib/world/doom/server.ts"))};
      const { server } = await DoomServer.start();
      console.log(server.pid);
      if (process.argv.includes("work")) await server.render(new Int32Array(4 * 1e5), ${PICTURE});`;
    for (const work of [["work"], []]) {
      const args = ["--import", "tsx", "--input-type=module", "-e", script, "--", ...work];
      const parent = spawn(process.execPath, args, { cwd: fromRoot("."), stdio: ["ignore", "pipe", "inherit"] });
      const pid = Number(await once(parent.stdout, "data"));
      const end = once(parent, "exit");
      const shared = work.length > 0 ? sharedBy(pid) : [];
      if (work.length > 0) parent.kill("SIGKILL");
      assert.deepEqual(await end, work.length > 0 ? [null, "SIGKILL"] : [0, null]);
      await isGone(pid, shared);
    }
  });
});

describe("a server that is not one", () => {
  const message = (kind: string, content: string) =>
    `const m = (kind, text) => { const b = Buffer.from(text); const h = Buffer.alloc(5, kind); h.writeUInt32LE(b.length, 1); process.stdout.write(Buffer.concat([h, b])); }; m(${JSON.stringify(kind)}, ${JSON.stringify(content)});`;
  const map = (width: number) =>
    message("M", JSON.stringify({ width, height: 48, eye: 41, floor: 0, ceiling: 128, walls: [] }));
  const ending = "process.stdin.resume().on('end', () => process.exit());";
  const start = (script: string) => DoomServer.start(process.execPath, ["-e", script]);
  const fails = (promise: Promise<unknown>, problem: RegExp) =>
    assert.rejects(promise, (error: unknown) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.problem, problem);
      assert.doesNotMatch(error.problem, /\n/);
      return true;
    });

  it("is told from one in one line each: missing, failing, talking nonsense, or something else", async () => {
    await fails(DoomServer.start("/nowhere/python", []), /does not start: .*ENOENT/);
    await fails(start("console.error('no such\\nlibrary'); process.exit(3)"), /ended with code 3: library/);
    await fails(start("process.stdout.write('hello, world')"), /no message/);
    await fails(start("process.stdout.write('M')"), /ended with code 0/);
    await fails(start(message("F", "x")), /sent F where M was expected/);
    await fails(start(message("E", "Error: out of order")), /^ViZDoom: Error: out of order$/);
  });

  it("is told by pictures of another size, at once or later", async () => {
    const { server, map: small } = await start(`${map(40)} ${ending}`);
    await fails(doomWorld(server, small), /draws 40 x 48 pixels, not 80 x 48/);
    const answering = `${map(80)} process.stdin.once("data", () => m("F", "x".repeat(100))); ${ending}`;
    const later = await start(answering);
    const world = await doomWorld(later.server, later.map);
    await fails(world.level(0).render([ROOM]), /sent 100 bytes for a picture of 11520/);
    await fails(world.level(0).render([ROOM]), /sent 100 bytes/);
    await world.close();
  });
});
