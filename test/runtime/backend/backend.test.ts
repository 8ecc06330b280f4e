import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Backend, openBackend } from "../../../lib/runtime/backend/backend.ts";
import { measureGflops } from "../../../lib/runtime/backend/speed.ts";
import { ROOT } from "../../../lib/runtime/setup/paths.ts";
import { UserError } from "../../../lib/util/errors.ts";

const run = promisify(execFile);

/** Opens a backend in a process of its own, and returns what it printed. */
async function inProcess(
  script: string,
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const module = JSON.stringify(join(ROOT, "lib", "runtime", "backend", "backend.ts"));
  const source = `import { openBackend } from ${module};\n${script}`;
  const args = ["--import", "tsx", "--input-type=module", "-e", source];
  return run(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env } });
}

describe("openBackend", () => {
  let backend: Backend;

  before(async () => {
    backend = await openBackend();
  });

  it("opens one backend, once, and shares tfjs-core with the rest of the program", async () => {
    const core = await import("@tensorflow/tfjs-core");
    assert.equal(await openBackend(), backend);
    assert.equal(core.matMul, backend.tf.matMul);
    assert.equal(core.getBackend(), backend.name === "wasm" ? "wasm" : "tensorflow");
  });

  it("refuses an unknown backend and impossible numbers of threads", async () => {
    const unknown = inProcess(`await openBackend({ prefer: "cuda" });`, { WORLDCOMPASS_BACKEND: "" });
    await assert.rejects(unknown, /unknown backend "cuda"\n {2}-> .*wasm/);
    await assert.rejects(openBackend({ threads: 0 }), UserError);
    await assert.rejects(openBackend({ threads: 1.5 }), UserError);
  });

  it("refuses to change the threads of a library that is loaded", async function () {
    if (backend.name === "wasm") return this.skip();
    await assert.rejects(openBackend({ threads: backend.threads + 1 }), /already open with/);
  });

  it("throws for an explicit choice that is not installed, and says how to install it", async () => {
    const script = `await openBackend({ prefer: "native" });`;
    const failure = await inProcess(script, { WORLDCOMPASS_BACKEND: "native", WORLDCOMPASS_CACHE: "/nowhere" }).then(
      () => assert.fail("it opened"),
      (error: { stderr: string }) => error.stderr,
    );
    assert.match(failure, /backend native: no addon is built/);
    assert.match(failure, /npm run setup/);
  });

  it("obeys WORLDCOMPASS_BACKEND, prints one line, and leaves no handler of its own on the process", async () => {
    const script = `await openBackend(); await openBackend();
      console.log((await openBackend()).name, process.listenerCount("unhandledRejection"));`;
    const { stdout, stderr } = await inProcess(script, { WORLDCOMPASS_BACKEND: "wasm" });
    assert.equal(stdout, "wasm 0\n");
    assert.match(stderr, /^backend: wasm \(CPU, WebAssembly, 1 thread\): about 4 times slower .*\n$/);
  });

  it("measures a rate that a computer of this century can have", async () => {
    const gflops = await measureGflops(backend.tf, { size: 256, seconds: 0.2 });
    assert.ok(gflops > 0.5 && gflops < 1e5, String(gflops));
  });
});
