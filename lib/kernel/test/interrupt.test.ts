import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Executed, KernelClient } from "./client.ts";

/** Every shape of work that a person may want to stop, in a cell that has printed "go". */
const SHAPES: Record<string, string> = {
  "an empty loop": "while (true) {}",
  "a for loop without a block": "for (;;) x++;",
  "a do loop": "do { x++; } while (true);",
  "a loop in a function": "(function spin() { for (;;) { x += 1; } })();",
  "a loop after an await": "await null; while (true) {}",
  "a loop after a timer": "await new Promise((r) => setTimeout(r, 1)); while (true) {}",
  "an async loop": "while (true) await new Promise((r) => setTimeout(r, 1));",
  "an awaited sleep": "await new Promise((r) => setTimeout(r, 60_000)); x = -1;",
  "a promise that never settles": "await new Promise(() => {});",
  "an async iteration":
    "import { setInterval as every } from 'node:timers/promises'; for await (const _ of every(1)) x++;",
  "an async iteration that never yields":
    "for await (const _ of { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<number>>(() => {}) }) }) x++;",
  "a catch that swallows everything": "while (true) { try { for (;;) x++; } catch {} }",
  "a catch with a pattern": "for (;;) { try { while (true) x++; } catch ({ message }) { void message; } }",
  "an awaited catch": "for (;;) { try { await new Promise((r) => setTimeout(r, 1)); } catch (e) { void e; } }",
  "a prompt": "prompt('waiting');",
};

const write = (file: string, ...lines: string[]) => writeFileSync(file, `${lines.join("\n")}\n`);

function assertInterrupted(run: Executed): void {
  assert.equal(run.reply.ename, "KeyboardInterrupt", JSON.stringify(run.reply));
}

describe("kernel: interrupts", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
  });
  after(() => kernel.stop());

  async function interruptWhen(code: string, text = "go"): Promise<Executed> {
    const id = kernel.start(code);
    await kernel.printed(id, text);
    assert.equal((await kernel.interrupt()).status, "ok");
    return kernel.finished(id);
  }

  for (const [shape, code] of Object.entries(SHAPES)) {
    it(`stops ${shape}, and keeps the state`, async () => {
      await kernel.execute("let x = 0; const kept = 'kept';");
      assertInterrupted(await interruptWhen(`console.log("go"); ${code}`));
      assert.equal((await kernel.execute("kept")).result, "'kept'");
    });
  }

  it("runs finally blocks, loops and awaits included", async () => {
    await kernel.execute("const log: string[] = [];");
    const loops = "for (let i = 0; i < 3; i++) log.push('a'); await null; log.push('b');";
    assertInterrupted(await interruptWhen(`console.log("go"); try { while (true) {} } finally { ${loops} }`));
    assertInterrupted(
      await interruptWhen(`console.log("go"); try { await new Promise(() => {}); } finally { ${loops} }`),
    );
    assert.equal((await kernel.execute("log.join('')")).result, "'aaabaaab'");
  });

  it("does not let an interrupted async loop go on in the background", async () => {
    await kernel.execute("let ticks = 0;");
    const loop = "while (true) { ticks++; await new Promise((r) => setTimeout(r, 1)); }";
    assertInterrupted(await interruptWhen(`console.log("go"); ${loop}`));
    const first = await kernel.execute("ticks");
    await sleep(50);
    assert.equal((await kernel.execute("ticks")).result, first.result);
  });

  it("stops a loop in a library file, and the loop's catch does not hide it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kernel-library-"));
    const file = join(folder, "library.mts");
    writeFileSync(file, "export function spin(): void { for (;;) { try { JSON.parse('{}'); } catch {} } }\n");
    assertInterrupted(await interruptWhen(`import { spin } from "${file}"; console.log("go"); spin();`));
  });

  it("stops loops after an await, async loops and awaited sleeps of a library file, and keeps its state", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "kernel-library-")), "shapes.mts");
    write(
      file,
      "export let calls = 0;",
      "export async function afterAwait(): Promise<void> { calls++; await null; for (;;) {} }",
      "export async function ticking(): Promise<void> { calls++; for (;;) await new Promise((r) => setTimeout(r, 1)); }",
      "export async function sleeping(): Promise<void> { calls++; await new Promise((r) => setTimeout(r, 60_000)); }",
    );
    await kernel.execute(`import * as shapes from "${file}";`);
    for (const name of ["afterAwait", "ticking", "sleeping"]) {
      assertInterrupted(await interruptWhen(`console.log("go"); await shapes.${name}();`));
    }
    assert.equal((await kernel.execute("shapes.calls")).result, "3");
  });

  it("stops background work while no cell runs", async () => {
    await kernel.execute(
      "let beats = 0; async function work() { for (;;) { beats++; await new Promise((r) => setTimeout(r, 1)); } } void work();",
    );
    await kernel.interrupt();
    await sleep(30);
    const { result } = await kernel.execute("beats");
    await sleep(30);
    assert.equal((await kernel.execute("beats")).result, result);
  });

  it("interrupts a cell whose start it races, whichever comes first", async () => {
    for (let round = 0; round < 40; round++) {
      const id = kernel.start("let spins = 0; while (true) { spins++; }");
      await sleep(round % 8);
      await kernel.interrupt();
      assertInterrupted(await kernel.finished(id));
    }
  });

  it("does not interrupt the cell after the one that ended by itself", async () => {
    for (let round = 0; round < 20; round++) {
      const id = kernel.start("1");
      await kernel.interrupt();
      await kernel.finished(id);
      assert.equal((await kernel.execute("'untouched'")).result, "'untouched'");
    }
  });

  it("answers heartbeat, kernel_info and completion while a cell computes", async () => {
    const id = kernel.start('console.log("go"); while (true) {}');
    await kernel.printed(id, "go");
    assert.equal(await kernel.beat(), "ping");
    assert.equal((await kernel.request("kernel_info_request", {})).status, "ok");
    const { matches } = await kernel.request("complete_request", { code: "Math.flo", cursor_pos: 8 });
    assert.deepEqual(matches, ["floor"]);
    await kernel.interrupt();
    assertInterrupted(await kernel.finished(id));
  });

  describe("while types are checked", () => {
    // Two types at each of 22 levels.
    const walk =
      'type Walk<D extends 0[], P extends string> = D extends [0, ...infer R extends 0[]] ? `${Walk<R, `${P}a`>}${Walk<R, `${P}b`>}` extends "" ? 1 : "x" : P;';
    const endless = `Walk<[${Array(22).fill(0)}], "0">`;

    it("stops the check, and keeps the state", async () => {
      await kernel.execute("let kept = 'kept'; const pid = process.pid;");
      const id = kernel.start(`${walk}\nlet never: ${endless} = "x";`, { allow_stdin: false });
      await sleep(1500);
      await kernel.interrupt();
      assertInterrupted(await kernel.finished(id));
      assert.equal(
        (await kernel.execute("[kept, pid === process.pid]", { allow_stdin: false })).result,
        "[ 'kept', true ]",
      );
      const { reply } = await kernel.execute("never", { allow_stdin: false });
      assert.equal(reply.ename, "TypeCheckError");
    });

    it("stops a check that goes on beside a cell that has run, whose names later cells know", async () => {
      const id = kernel.start(`${walk}\nlet late = 7; let g: ${endless} = "x";`);
      await sleep(1500);
      await kernel.interrupt();
      const run = await kernel.finished(id);
      assert.equal(run.reply.status, "ok", run.traceback);
      assert.match(run.stderr, /check of its types was interrupted/);
      assert.equal((await kernel.execute("kept + late", { allow_stdin: false })).result, "'kept7'");
    });
  });
});

describe("kernel: interrupts of native code", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ env: { TYPEBOOK_INTERRUPT_GRACE: "100" } });
    await kernel.execute("import { pbkdf2Sync } from 'node:crypto'; const kept = 'kept';");
  });
  after(() => kernel.stop());

  async function warned(rounds: number): Promise<string> {
    const id = kernel.start(`console.log('go'); pbkdf2Sync('a', 'b', ${rounds}, 64, 'sha512'); console.log('never')`);
    await kernel.printed(id, "go");
    await kernel.interrupt();
    await kernel.printed(id, "Interrupt once more");
    return id;
  }

  it("waits for its end, says so, and keeps the state", async () => {
    // Ten seconds of this processor: more than the kernel waits before it says so, less than it waits after that.
    const { result } = await kernel.execute(`const before = process.cpuUsage();
pbkdf2Sync('a', 'b', 200_000, 64, 'sha512');
Math.ceil((200_000 * 10e6) / process.cpuUsage(before).user)`);
    const run = await kernel.finished(await warned(Number(result)));
    assertInterrupted(run);
    assert.doesNotMatch(run.stdout, /never/);
    assert.equal((await kernel.execute("kept")).result, "'kept'");
  });

  it("replaces the executor at the next interrupt, says that the state is gone, and goes on", async () => {
    const id = await warned(90_000_000);
    await kernel.interrupt();
    const run = await kernel.finished(id);
    assertInterrupted(run);
    assert.match(run.traceback, /variables are gone/);
    assert.equal((await kernel.execute("typeof kept", { allow_stdin: true })).result, "'undefined'");
  });
});
