import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KernelClient, PACKAGE } from "./client.ts";

/** Where VS Code's Jupyter extension looks, whatever JUPYTER_DATA_DIR says. */
const KERNELS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "Library/Jupyter/kernels",
  win32: "AppData/Roaming/jupyter/kernels",
};

/**
 * VS Code itself cannot be installed from a package registry. This does what its Jupyter extension does with a local
 * kernel: https://github.com/microsoft/vscode-jupyter/tree/main/src/kernels/raw
 */
describe("kernel: as VS Code's Jupyter extension starts it", () => {
  const home = mkdtempSync(join(tmpdir(), "kernel-vscode-"));
  const folder = mkdtempSync(join(tmpdir(), "kernel-vscode-project-"));
  let kernel: KernelClient;

  before(async () => {
    const own = { ...process.env, HOME: home, USERPROFILE: home, APPDATA: join(home, "AppData/Roaming") };
    for (const name of ["JUPYTER_DATA_DIR", "XDG_DATA_HOME"]) delete own[name as keyof typeof own];
    execFileSync(process.execPath, [join(PACKAGE, "bin", "typebook.mjs"), "install"], { env: own });
    const place = KERNELS[process.platform] ?? ".local/share/jupyter/kernels";
    const spec = JSON.parse(readFileSync(join(home, place, "typebook", "kernel.json"), "utf8")) as { argv: string[] };
    writeFileSync(join(folder, "helper.ts"), "export const twice = (n: number): number => 2 * n;\n");
    // A desktop program has no `node` in its PATH.
    kernel = await KernelClient.start({ argv: spec.argv, folder, env: { PATH: "" } });
  });
  after(() => kernel?.stop());

  it("runs cells in the notebook's folder", async () => {
    const run = await kernel.execute('import { twice } from "./helper.ts"; let kept = twice(21); kept');
    assert.equal(run.result, "42", run.traceback);
  });

  it("shows type errors with the line of the cell that has them", async () => {
    const run = await kernel.execute("\nkept = 'text';");
    assert.match(run.stderr, /In \[\d+\]:2:1 - error TS2322/);
    await kernel.execute("kept = 42;");
  });

  it("takes interrupts on the shell channel, where the extension sends them, and keeps the state", async () => {
    const loop = kernel.start("console.log('go'); for (;;) {}");
    await kernel.printed(loop, "go");
    const reply = await kernel.request("interrupt_request", {}, "shell");
    assert.equal(reply.status, "ok");
    assert.equal((await kernel.finished(loop)).reply.ename, "KeyboardInterrupt");
    assert.equal((await kernel.execute("kept")).result, "42");
  });
});
