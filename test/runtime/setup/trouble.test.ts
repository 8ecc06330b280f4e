/** Set-up on machines that lack something: each lack is one line that names it and its mend, and what works goes on. */
import assert from "node:assert/strict";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAtHome, kernelFault } from "../../../lib/runtime/setup/environment.ts";
import { packageFolder, ROOT } from "../../../lib/runtime/setup/paths.ts";
import { findSystemPython, mendOf } from "../../../lib/runtime/setup/python.ts";
import { runProgram } from "../../../lib/runtime/setup/run-program.ts";
import { addonFault } from "../../../lib/runtime/setup/tensorflow.ts";
import { wheelAddon } from "../../../lib/runtime/setup/tensorflow-paths.ts";

const NOBODY = "http://127.0.0.1:9/";

describe("set-up in trouble", function () {
  this.timeout(180_000);
  let root: string;

  before(function () {
    if (process.platform === "win32") this.skip();
    root = mkdtempSync(join(tmpdir(), "setup-trouble-"));
  });
  after(() => root && rmSync(root, { recursive: true, force: true }));

  const surroundings = (name: string, values: Record<string, string>) => ({
    WORLDCOMPASS_CACHE: join(root, name),
    TFJS_NODE_CDN_STORAGE: NOBODY,
    CXX: "/nowhere/g++",
    ...values,
  });

  const setUp = (name: string, values: Record<string, string>) =>
    runProgram(process.execPath, ["--import", "tsx", join(ROOT, "lib", "cli", "setup.ts"), "--quiet"], {
      ...{ seconds: 150, cwd: ROOT, env: surroundings(name, values) },
    });

  /** Does something with the set-up's own functions, in a process that has these surroundings. */
  const script = (name: string, code: string, values: Record<string, string> = {}) =>
    runProgram(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
      ...{ seconds: 150, cwd: ROOT, env: surroundings(name, values) },
    });
  const ENVIRONMENT = JSON.stringify(join(ROOT, "lib", "runtime", "setup", "environment.ts"));
  const PYTHON = JSON.stringify(join(ROOT, "lib", "runtime", "setup", "python.ts"));

  /** A Python that answers for its version, and does what is said when it is to make an environment. */
  function fakePython(name: string, venv: "True" | "False", make = "exit 1"): string {
    const path = join(root, name);
    writeFileSync(path, `#!/bin/sh\nif [ "$1" = -c ]; then echo "3.11.0 ${venv}"; exit 0; fi\n${make}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Every line is one of ours: no stack, nothing of another program's pages. */
  function assertLines(output: string): string[] {
    const lines = output.trim().split("\n");
    for (const line of lines) assert.match(line, /^setup: \S/, output);
    return lines;
  }

  it("without Python and a compiler says so, once each, and is no failure", async () => {
    const { ok, output } = await setUp("bare", { WORLDCOMPASS_PYTHON: "/nowhere/python" });
    assert.ok(ok, output);
    const lines = assertLines(output);
    assert.equal(
      lines.filter((line) => /no Jupyter.*no Python 3\.10 or later.*; install Python/.test(line)).length,
      1,
      output,
    );
    assert.equal(lines.filter((line) => /no C\+\+ compiler.*; install g\+\+/.test(line)).length, 1, output);
  });

  it("with a Python that has no venv module says what to install, and makes nothing", async () => {
    const { ok, output } = await setUp("no-venv", { WORLDCOMPASS_PYTHON: fakePython("no-venv-python", "False") });
    assert.ok(ok, output);
    assertLines(output);
    assert.match(output, /has no venv module; install Python's venv module .*python3-venv/);
    assert.ok(!existsSync(join(root, "no-venv", "python")));
  });

  it("on a full disk says that, and leaves no half environment", async () => {
    const full = `mkdir -p "$3/bin"; echo "OSError: [Errno 28] No space left on device" >&2; exit 1`;
    const { output } = await setUp("full", { WORLDCOMPASS_PYTHON: fakePython("full-python", "True", full) });
    assertLines(output);
    assert.match(output, /No space left on device; free 3 GB of disk space/);
    assert.ok(!existsSync(join(root, "full", "python")));
    assert.match(mendOf("npm ERR! code ENOSPC", "other"), /free/);
    assert.equal(mendOf("no route to host", "other"), "other");
  });

  it("where nothing can be written says which place, in one line a part", async () => {
    const python = fakePython("python", "True");
    writeFileSync(join(root, "file"), "");
    const closed = process.platform === "linux" ? ["/sys/worldcompass"] : [];
    for (const place of [join(root, "file", "cache"), ...closed]) {
      const { output } = await setUp("any", { WORLDCOMPASS_CACHE: place, WORLDCOMPASS_PYTHON: python });
      const lines = output.trim().split("\n");
      assert.ok(
        lines.some((line) => line.includes(place) && /; |->/.test(output)),
        output,
      );
      assert.doesNotMatch(output, /^\s+at /m);
    }
  });

  it("by two at a time makes one environment", async () => {
    const log = join(root, "made");
    const make = `echo made >> ${log}; mkdir -p "$3/bin"; sleep 1; echo "#!$3/bin/python" > "$3/bin/pip"; exit 0`;
    const values = { WORLDCOMPASS_PYTHON: fakePython("slow-python", "True", make) };
    const code = `import { ensureVirtualEnvironment } from ${PYTHON}; await ensureVirtualEnvironment();`;
    const results = await Promise.all([1, 2].map(() => script("shared", code, values)));
    for (const { ok, output } of results) assert.ok(ok, output);
    assert.equal(readFileSync(log, "utf8"), "made\n");
  });

  it("finds an environment out that was moved, and mends it", async function () {
    const system = await findSystemPython();
    if (!system?.venv) return this.skip();
    const old = join(root, "old place");
    mkdirSync(old);
    const made = await runProgram(system.command, ["-m", "venv", join(old, "python")], { seconds: 150 });
    assert.ok(made.ok, made.output);
    renameSync(old, join(root, "new place"));
    const code = `import { rehome, wasMoved } from ${ENVIRONMENT}; const moved = wasMoved(); await rehome(); console.log(moved, wasMoved());`;
    const { output } = await script("new place", code);
    assert.equal(output.trim(), "true false");
    const pip = await runProgram(join(root, "new place", "python", "bin", "pip"), ["--version"], { seconds: 60 });
    assert.ok(pip.ok && pip.output.includes("new place"), pip.output);
  });

  it("knows a program of another place", () => {
    const program = (text: string): string => {
      writeFileSync(join(root, "program"), text);
      return join(root, "program");
    };
    assert.ok(isAtHome(program(`#!${root}/python3.11\nimport x\n`), root));
    assert.ok(isAtHome(program(`#!/bin/sh\n'''exec' "${root}/python" "$0" "$@"\n`), root));
    assert.ok(!isAtHome(program("#!/elsewhere/bin/python\nimport x\n"), root));
    assert.ok(isAtHome(join(root, "none"), root));
  });

  it("knows the kernel of another copy", () => {
    const spec = join(root, "kernel");
    assert.equal(kernelFault(spec), "is not installed");
    cpSync(join(ROOT, "lib", "notebook", "tslab", "kernelspec"), spec, { recursive: true });
    const write = (launch: string) =>
      writeFileSync(join(spec, "kernel.json"), JSON.stringify({ argv: ["node", launch] }));
    write("/elsewhere/lib/kernel/launch/launch.mjs");
    assert.equal(kernelFault(spec), "belongs to another copy of the project");
    write(join(packageFolder("typebook") as string, "launch", "launch.mjs"));
    assert.equal(kernelFault(spec), undefined);
  });

  it("tries an addon instead of looking whether it is there", async () => {
    const addon = join(root, "addon.node");
    for (const content of ["", "no addon", "\x7fELF"]) {
      writeFileSync(addon, content);
      assert.match((await addonFault(addon)) ?? "", /\S/, content);
    }
    assert.match((await addonFault(join(root, "none.node"))) ?? "", /Cannot find module/);
    const own = wheelAddon();
    if (own) assert.equal(await addonFault(own), undefined);
  });
});
