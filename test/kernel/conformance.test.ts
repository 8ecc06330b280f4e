import assert from "node:assert/strict";
import { existsSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { pythonProgram } from "../../lib/runtime/setup/python.ts";
import { runCommand } from "../../lib/runtime/setup/run-command.ts";

describe("kernel: jupyter_kernel_test", () => {
  it("passes every applicable test of the suite", async function () {
    const python = pythonProgram("python");
    if (!existsSync(python)) this.skip();
    const scratch = mkdtempSync(join(tmpdir(), "kernel-conformance-"));
    symlinkSync(join(ROOT, "lib/kernel/spec"), join(scratch, "kernels"), "junction");
    const env = { JUPYTER_PATH: scratch, WORLDCOMPASS_KERNEL_HISTORY: join(scratch, "history.jsonl") };
    const script = join(import.meta.dirname, "conformance.py");
    const { ok, output } = await runCommand(python, [script, "--verbose"], { seconds: 100, cwd: ROOT, env });
    assert.ok(ok, output);
    assert.match(output, /Ran 13 tests[\s\S]*OK \(skipped=1\)/);
  }).timeout(120_000);
});
