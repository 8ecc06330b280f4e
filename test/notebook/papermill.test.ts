import assert from "node:assert/strict";
import { existsSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readNotebook, sourceOf } from "../../lib/notebook/notebook.ts";
import { KERNELSPECS } from "../../lib/runtime/setup/kernelspec.ts";
import { runProgram } from "../../lib/runtime/setup/run-program.ts";
import { code, outputsOf, writeNotebook } from "./fixtures.ts";

/** papermill is no dependency: PAPERMILL_BIN names one of an environment that also has lib/notebook/papermill. */
const PAPERMILL = process.env.PAPERMILL_BIN ?? "";

const PARAMETERS = code('let profile: "ci" | "smoke" = "ci"; // how much is done\nlet n = 2;', {
  tags: ["parameters"],
});

describe("papermill", function () {
  this.timeout(120_000);
  const jupyter = mkdtempSync(join(tmpdir(), "worldcompass-papermill-"));

  before(function () {
    if (!existsSync(PAPERMILL)) {
      console.log("skipped: PAPERMILL_BIN names no papermill (docs/kernel.md says how to install one)");
      this.skip();
    }
    symlinkSync(KERNELSPECS, join(jupyter, "kernels"), "junction");
  });

  const papermill = (path: string, ...args: string[]) =>
    runProgram(PAPERMILL, [path, path.replace(".ipynb", "-out.ipynb"), "--no-progress-bar", ...args], {
      ...{ seconds: 100, cwd: dirname(path), env: { JUPYTER_PATH: jupyter } },
    });

  it("sets the parameters of a notebook in a cell of its own", async () => {
    const path = writeNotebook("01-test.ipynb", PARAMETERS, code("console.log(profile, n);"));
    const { ok, output } = await papermill(path, "-p", "profile", "smoke", "-p", "n", "40");
    assert.ok(ok, output);
    assert.doesNotMatch(output, /unknown parameter/);
    const executed = readNotebook(path.replace(".ipynb", "-out.ipynb"));
    assert.deepEqual(executed.cells[1].metadata.tags, ["injected-parameters"]);
    assert.equal(sourceOf(executed.cells[1]), '// Parameters\n{\n  profile = "smoke";\n  n = 40;\n}');
    assert.deepEqual(outputsOf(executed)[2], ["smoke 40\n"]);
  });

  it("fails where a cell does, with its error and line, and runs nothing after it", async () => {
    const path = writeNotebook("01-test.ipynb", code("1"), code("\nthrow new RangeError('too far');"), code("'never'"));
    const { ok, output } = await papermill(path);
    assert.ok(!ok);
    assert.match(output, /RangeError: too far\n {4}at In \[2\]:2:7/);
    const shown = outputsOf(readNotebook(path.replace(".ipynb", "-out.ipynb"))).flat();
    assert.ok(shown.includes("RangeError: too far") && !shown.includes("'never'"), JSON.stringify(shown));
  });

  it("fails for an impossible value and for a name that the notebook does not declare", async () => {
    const impossible = await papermill(writeNotebook("01-test.ipynb", PARAMETERS), "-p", "profile", "huge");
    assert.match(impossible.output, /TS2322: Type '"huge"' is not assignable/);
    const unknown = await papermill(writeNotebook("01-test.ipynb", PARAMETERS), "-p", "porfile", "smoke");
    assert.match(unknown.output, /TS2304: Cannot find name 'porfile'/);
    assert.ok(!impossible.ok && !unknown.ok);
  });
});
