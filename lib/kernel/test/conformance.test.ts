import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULTS, writeKernelspec } from "../install/kernelspec.ts";
import { PACKAGE } from "./client.ts";
import { PYTHON } from "./python.ts";

const SCRIPT = join(import.meta.dirname, "conformance.py");

describe("kernel: jupyter_kernel_test", () => {
  it("passes every applicable test of the suite", async function () {
    if (!existsSync(PYTHON)) this.skip();
    const scratch = mkdtempSync(join(tmpdir(), "kernel-conformance-"));
    writeKernelspec(join(scratch, "kernels"), DEFAULTS, PACKAGE);
    const env = { ...process.env, JUPYTER_PATH: scratch, TYPEBOOK_HISTORY: join(scratch, "history.jsonl") };
    const [error, output] = await new Promise<[Error | null, string]>((resolve) =>
      execFile(PYTHON, [SCRIPT, "--verbose"], { cwd: PACKAGE, env, timeout: 100_000 }, (failure, stdout, stderr) =>
        resolve([failure, stdout + stderr]),
      ),
    );
    assert.equal(error, null, output);
    assert.match(output, /Ran 13 tests[\s\S]*OK \(skipped=1\)/);
  }).timeout(120_000);
});
