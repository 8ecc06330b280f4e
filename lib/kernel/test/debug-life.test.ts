import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DebugClient } from "./debug-client.ts";

const UTIL = `export interface Point { x: number; y: number }

/** Doubles. */
export function double(p: Point): Point {
  const scale: number = 2;
  const result = { x: p.x * scale, y: p.y * scale };
  return result;
}
export async function fails(): Promise<never> {
  await null;
  throw new RangeError("from the file");
}
`;

describe("kernel debugger: files, errors, interrupts, restarts", () => {
  const folder = mkdtempSync(join(tmpdir(), "debug-"));
  const util = join(folder, "util.ts");
  writeFileSync(util, UTIL);
  let debug: DebugClient;
  before(async () => {
    debug = await DebugClient.start({ folder });
  });
  after(() => debug.stopKernel());

  async function paused(code: string, ...lines: number[]): Promise<string> {
    await debug.breakIn(code, ...lines);
    const id = debug.kernel.start(code);
    await debug.event("stopped");
    return id;
  }

  describe("imported files", () => {
    it("stops at a breakpoint set before the file was loaded, and says when it is bound", async () => {
      const [set] = await debug.breakAt(util, 3);
      assert.deepEqual([set.verified, set.line], [false, 3]);
      const id = debug.kernel.start('import { double } from "./util.ts";\ndouble({ x: 1, y: 2 })');
      const { reason, breakpoint } = (await debug.event("breakpoint")) as { reason: string; breakpoint: typeof set };
      assert.deepEqual([reason, breakpoint.id, breakpoint.verified, breakpoint.line], ["changed", set.id, true, 5]);
      assert.equal(await debug.stop(), "breakpoint 5 double");
      const [top, cell] = await debug.frames();
      assert.deepEqual([top.source?.path, cell.line], [util, 2]);
      assert.equal((await debug.ask("source", { source: top.source })).content, UTIL);
      assert.equal(await debug.step("next"), "step 6 double");
      assert.equal((await debug.values("Locals")).scale, "2");
      const [returns] = await debug.breakAt(util, 7);
      assert.equal(returns.line, 7);
      await debug.continue();
      assert.equal(await debug.stop(), "breakpoint 7 double");
      assert.equal((await debug.values("Locals")).result, "{x: 2, y: 4}");
      await debug.continue();
      assert.equal((await debug.kernel.finished(id)).result, "{ x: 2, y: 4 }");
    });

    it("lists the project's files as modules, and steps from a cell into one and back", async () => {
      assert.deepEqual(
        (await debug.ask("modules")).modules.map(({ path }: { path: string }) => path),
        [util],
      );
      await debug.breakAt(util);
      const code = "const twice = double({ x: 3, y: 4 });\ntwice.x";
      const id = await paused(code, 1);
      assert.equal(await debug.step("stepIn"), "step 5 double");
      assert.equal((await debug.step("stepOut")).replace(/\d+\]/, "n]"), "step 2 In [n]");
      await debug.continue();
      assert.equal((await debug.kernel.finished(id)).result, "6");
    });

    it("stops in the new version of a file that was edited", async () => {
      writeFileSync(util, UTIL.replace("/** Doubles. */", "/** Doubles.\n *\n */"));
      await debug.breakAt(util, 8);
      const id = debug.kernel.start('import { double } from "./util.ts";\ndouble({ x: 5, y: 5 }).x');
      assert.equal(await debug.stop(), "breakpoint 8 double");
      await debug.breakAt(util);
      await debug.continue();
      assert.equal((await debug.kernel.finished(id)).result, "10");
    });
  });

  describe("errors", () => {
    const stopsAt = async (code: string): Promise<string> => {
      const before = debug.events.length;
      const id = debug.kernel.start(code);
      const isOver = () => debug.kernel.publishedFor(id).some(({ content }) => content.execution_state === "idle");
      const isStopped = () => debug.events.slice(before).some(({ content }) => content.event === "stopped");
      await debug.kernel.until(() => isOver() || isStopped());
      if (!isStopped()) return "ran through";
      const stop = (await debug.stop()).replace(/ In.*/, "");
      await debug.continue();
      await debug.kernel.finished(id);
      return stop;
    };

    it("offers filters, and without one stops at no error", async () => {
      const { exceptionBreakpointFilters } = await debug.ask("initialize", { clientID: "test" });
      assert.deepEqual(
        exceptionBreakpointFilters.map(({ filter }: { filter: string }) => filter),
        ["uncaught", "all"],
      );
      assert.equal(await stopsAt("throw new Error('a')"), "ran through");
    });

    it("stops at errors that nobody handles, before and after awaits, in cells and files", async () => {
      await debug.ask("setExceptionBreakpoints", { filters: ["uncaught"] });
      assert.equal(await stopsAt("let one = 1;\nthrow new Error('a')"), "exception 2");
      assert.equal(await stopsAt("await null;\nJSON.parse('{')"), "exception 2");
      assert.equal(
        await stopsAt("const f = async () => {\n  await null;\n  throw 'a';\n};\nawait f()"),
        "exception 3 f",
      );
      assert.equal(await stopsAt('import { fails } from "./util.ts";\nawait fails()'), "exception 13 fails");
    });

    it("does not stop at errors that are handled, nor at those of Node's own code, nor at interrupts", async () => {
      assert.equal(await stopsAt("try { throw 1 } catch {}"), "ran through");
      assert.equal(await stopsAt("await null;\ntry { JSON.parse('{') } catch {}"), "ran through");
      assert.equal(
        await stopsAt("const g = async () => { await null; throw 1; };\nawait g().catch(() => 2)"),
        "ran through",
      );
      assert.equal(
        await stopsAt("const h = async () => { await null; throw 1; };\ntry { await h(); } catch {}"),
        "ran through",
      );
      assert.equal(await stopsAt("await Promise.allSettled([(async () => { throw 1; })()])"), "ran through");
      assert.equal(await stopsAt("await import('node:fs').then((fs) => fs.existsSync('\\0'))"), "ran through");
      const id = debug.kernel.start("console.log('go'); while (true) {}");
      await debug.kernel.printed(id, "go");
      await debug.kernel.interrupt();
      assert.equal((await debug.kernel.finished(id)).reply.ename, "KeyboardInterrupt");
    });

    it("stops at handled ones, too, if asked to; steps over them otherwise; tells what was thrown", async () => {
      const code =
        "const parse = () => {\n  try { return JSON.parse('{'); } catch { return 0; }\n};\nparse();\nparse()";
      const id = await paused(code, 4);
      assert.match(await debug.step("next"), /^step 5/);
      await debug.ask("setExceptionBreakpoints", { filters: ["all"] });
      await debug.continue();
      assert.equal(await debug.stop(), "exception 2 parse");
      const { exceptionId, description, breakMode } = await debug.ask("exceptionInfo");
      assert.deepEqual([exceptionId, breakMode], ["SyntaxError", "always"]);
      assert.match(description, /JSON/);
      await debug.ask("setExceptionBreakpoints", { filters: [] });
      await debug.continue();
      assert.equal((await debug.kernel.finished(id)).result, "0");
    });
  });

  describe("interrupts", () => {
    for (const [what, code, line] of [
      ["in a loop", "let turns = 0;\nwhile (true) {\n  turns++;\n}", 3],
      ["in straight code", "let step = 1;\nstep = 2;\nstep = 3;\nconsole.log('too far')", 2],
      ["in the last statement", "let last = 1;\nlast", 2],
      ["in a function of a file", "console.log(double({ x: 1, y: 1 }))", 1],
      ["after an await", "await new Promise((r) => setTimeout(r, 1));\nlet after = 1;\nconsole.log('too far')", 2],
    ] as const) {
      it(`stop a cell that is paused ${what}, and keep the state`, async () => {
        await debug.kernel.execute("let kept = 'kept'");
        const id = await paused(code, line);
        await debug.kernel.interrupt();
        const run = await debug.kernel.finished(id);
        assert.equal(run.reply.ename, "KeyboardInterrupt", JSON.stringify(run.reply));
        assert.doesNotMatch(run.stdout, /too far/);
        assert.equal((await debug.kernel.execute("kept")).result, "'kept'");
        const again = await paused(code, line);
        await debug.breakIn(code);
        await debug.kernel.interrupt();
        await debug.kernel.finished(again);
      });
    }
  });

  describe("restarts", () => {
    it("goes on in the executor that replaces a lost one, with its breakpoints", async () => {
      const code = "let before = 1;\nbefore + 1";
      const id = await paused(code, 2);
      process.kill(Number(await debug.evaluate("process.pid", 1)), "SIGKILL");
      assert.equal((await debug.kernel.finished(id)).reply.ename, "ExecutorLost");
      await debug.event("continued");
      assert.deepEqual((await debug.ask("debugInfo")).stoppedThreads, []);
      const second = debug.kernel.start(code);
      assert.match(await debug.stop(), /^breakpoint 2/);
      await debug.continue();
      assert.equal((await debug.kernel.finished(second)).result, "2");
      await debug.breakIn(code);
    });

    it("lets a process end that is being debugged", async () => {
      const run = await debug.kernel.execute("process.exit(3)");
      assert.equal(run.reply.ename, "ExecutorLost");
      assert.match(String(run.reply.evalue), /exit code 3/);
      assert.doesNotMatch(run.stderr, /debugger/);
    });

    it("ends with disconnect, also in the middle of a pause, and begins again", async () => {
      const code = "let still = 1;\nstill + 1";
      const id = await paused(code, 2);
      await debug.ask("disconnect", { restart: false, terminateDebuggee: false });
      assert.equal((await debug.kernel.finished(id)).result, "2");
      const { isStarted, breakpoints } = await debug.ask("debugInfo");
      assert.deepEqual([isStarted, breakpoints], [false, []]);
      assert.match(String((await debug.request("threads")).success), /true/);
      assert.equal((await debug.request("setBreakpoints", { source: { path: util }, breakpoints: [] })).success, false);
      assert.equal((await debug.kernel.execute("debugger; 'nobody stops'")).result, "'nobody stops'");
      await debug.attach();
      const again = await paused(code, 2);
      await debug.continue();
      await debug.kernel.finished(again);
    });

    it("is started once by a front-end that starts it twice at once", async () => {
      await debug.ask("disconnect");
      await Promise.all([debug.attach(), debug.attach()]);
      const code = "let once = 1;\nonce + 1";
      const stops = () => debug.events.filter(({ content }) => content.event === "stopped").length;
      const before = stops();
      const id = await paused(code, 2);
      await debug.continue();
      assert.equal((await debug.kernel.finished(id)).result, "2");
      assert.equal(stops(), before + 1);
    });

    it("ends the cell and itself with terminate", async () => {
      const id = await paused("let forever = 0;\nwhile (true) {\n  forever++;\n}", 3);
      await debug.ask("terminate");
      assert.equal((await debug.kernel.finished(id)).reply.ename, "KeyboardInterrupt");
      assert.equal((await debug.ask("debugInfo")).isStarted, false);
      await debug.event("terminated");
    });
  });
});
