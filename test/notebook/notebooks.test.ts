import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isShipped } from "../../lib/experiments/profile.ts";
import { readNotebook } from "../../lib/notebook/notebook.ts";
import { declaredParameters } from "../../lib/notebook/parameters.ts";
import { runNotebook } from "../../lib/notebook/run.ts";
import { selectNotebooks } from "../../lib/notebook/select.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { ensureNotebooks } from "../../lib/runtime/setup/all.ts";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { pythonProgram } from "../../lib/runtime/setup/python.ts";
import { makeTinyNetworks } from "../experiments/tiny-networks.ts";
import { temporaryFolder } from "./fixtures.ts";

const FOLDER = join(ROOT, "notebooks");
const NOTEBOOKS = selectNotebooks(FOLDER, []);

/** The second kernel has to show that notebooks run on it, for which one and the smallest profile will do. */
const RUNS = [
  { kernel: "worldcompass-typescript", profile: "ci", notebooks: /./ },
  { kernel: "tslab-mended", profile: "smoke", notebooks: /^01-/ },
];

describe("the project's notebooks", function () {
  this.timeout(900_000);

  /** Without the native library everything takes several times as long: there the smallest profile has to do. */
  let slow = false;
  /** Of the networks: the shipped ones, or where there are none yet, tiny ones that know nothing. */
  let folder = "checkpoints";

  before(async function () {
    if (!(await ensureNotebooks())) this.skip();
    slow = (await openBackend()).name === "wasm";
    if (isShipped("checkpoints/courtyard")) return;
    folder = temporaryFolder();
    makeTinyNetworks(join(folder, "courtyard"));
  });

  it("are all among those that are run, and take a profile", () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith(".ipynb"));
    assert.deepEqual(files.sort(), NOTEBOOKS.map((path) => basename(path)).sort());
    for (const path of NOTEBOOKS) {
      assert.ok(declaredParameters(readNotebook(path)).includes("profile"), `${basename(path)} has no profile`);
    }
  });

  for (const { kernel, profile, notebooks } of RUNS) {
    for (const path of NOTEBOOKS.filter((file) => notebooks.test(basename(file)))) {
      it(`${basename(path)} runs on ${kernel}, profile ${profile}`, async function () {
        // What the second kernel has to show does not hang on the backend.
        if (slow && kernel !== RUNS[0].kernel) this.skip();
        const lines: string[] = [];
        const shared = { profile: slow ? "smoke" : profile, folder };
        const failure = await runNotebook(path, {
          ...{ python: pythonProgram("python"), kernel, seconds: 600, shared, parameters: {} },
          ...{ output: temporaryFolder(), write: false, log: (line: string) => lines.push(line) },
        });
        assert.equal(failure, undefined, lines.join("\n"));
      });
    }
  }
});
