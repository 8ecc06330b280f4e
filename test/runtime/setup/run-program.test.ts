import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../lib/runtime/setup/run-program.ts";

const node = (script: string, seconds = 20) => runProgram(process.execPath, ["-e", script], { seconds });

describe("runCommand", () => {
  it("returns what the program said on both streams, with its environment", async () => {
    const options = { seconds: 20, env: { WORD: "hello" } };
    const result = await runProgram(
      process.execPath,
      ["-e", "console.log(process.env.WORD); console.error('there')"],
      options,
    );
    assert.ok(result.ok);
    assert.deepEqual(result.output.split("\n").sort(), ["", "hello", "there"]);
  });

  it("gives the line that names the error when the program fails", async () => {
    const { ok, reason } = await node("console.error('ERROR: disk full\\nsee the log'); process.exit(3)");
    assert.deepEqual([ok, reason], [false, "ERROR: disk full"]);
  });

  it("answers, and does not throw, for a program that does not exist", async () => {
    const { ok, reason } = await runProgram("/nowhere/program", [], { seconds: 5 });
    assert.equal(ok, false);
    assert.match(reason, /ENOENT/);
  });

  it("ends a program and its children at the time limit", async function () {
    if (process.platform === "win32") return this.skip();
    const folder = mkdtempSync(join(tmpdir(), "worldcompass-test-"));
    const file = join(folder, "alive");
    const beat = `setInterval(() => require("fs").appendFileSync(${JSON.stringify(file)}, "."), 20)`;
    const start = performance.now();
    const parent = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(beat)}]); setInterval(() => {}, 1e9)`;
    const { ok, reason } = await node(parent, 1.5);
    assert.deepEqual([ok, reason], [false, "no end after 1.5 s"]);
    assert.ok(performance.now() - start < 10_000);
    const beats = statSync(file).size;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(statSync(file).size, beats);
    rmSync(folder, { recursive: true });
  });
});
