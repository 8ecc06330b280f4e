import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { DEFAULTS, writeKernelspec } from "../install/kernelspec.ts";
import { PACKAGE } from "./client.ts";
import { folderWith } from "./folder.ts";
import { PYTHON } from "./python.ts";

const SCRIPT = join(import.meta.dirname, "server.py");

/** What VS Code's Jupyter extension does when it is given a server's address: kernelspecs, sessions, a web socket. */
describe("kernel: behind a Jupyter server", function () {
  this.timeout(240_000);
  let server: ChildProcess;
  let url: string;

  before(async function () {
    if (!existsSync(PYTHON)) this.skip();
    const folder = folderWith({ "project/helper.ts": "export const twice = (n: number): number => 2 * n;\n" });
    const own = join(folder, ".jupyter");
    writeKernelspec(join(own, "kernels"), DEFAULTS, PACKAGE);
    const places = ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"].map((name) => [`JUPYTER_${name}`, join(own, name)]);
    const env = { ...process.env, ...Object.fromEntries(places), JUPYTER_PATH: own };
    const options = ["--no-browser", "--allow-root", "--ServerApp.port=0", "--IdentityProvider.token="];
    const more = [`--ServerApp.root_dir=${folder}`, "--ServerApp.disable_check_xsrf=True"];
    server = spawn(PYTHON, ["-m", "jupyter_server", ...options, ...more], { env, stdio: ["ignore", "ignore", "pipe"] });
    url = await address(server);
  });
  after(async () => {
    if (!server) return;
    server.kill("SIGTERM");
    await once(server, "exit");
  });

  it("is found, runs cells in the notebook's folder, is interrupted and restarted", async () => {
    const { stdout } = await promisify(execFile)(PYTHON, [SCRIPT, url, "project"]);
    assert.deepEqual(JSON.parse(stdout), {
      ...{ language: "typescript", imported: "42", mistaken: "TypeCheckError" },
      ...{ interrupted: "KeyboardInterrupt", kept: "42", restarted: "TypeCheckError" },
    });
  });
});

/** The server says where it is when it is ready. */
function address(server: ChildProcess): Promise<string> {
  let log = "";
  return new Promise((resolve, reject) => {
    server.stderr?.on("data", (text) => {
      log += text;
      const [found] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(log) ?? [];
      if (found) resolve(found);
    });
    server.on("exit", () => reject(new Error(`the server ended:\n${log}`)));
  });
}
