import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { formatCheck } from "../../../lib/runtime/doctor/check.ts";
import { answers } from "../../../lib/runtime/setup/network.ts";
import { ROOT } from "../../../lib/runtime/setup/paths.ts";
import { findSystemPython } from "../../../lib/runtime/setup/python.ts";
import { ensureTensorflow } from "../../../lib/runtime/setup/tensorflow.ts";
import { wheelObstacle } from "../../../lib/runtime/setup/wheel.ts";

async function withEnvironment<T>(values: Record<string, string>, action: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    return await action();
  } finally {
    for (const name of Object.keys(values)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

describe("setup", () => {
  it("gives up within seconds on a host that takes connections and never answers", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const start = performance.now();
    assert.equal(await answers(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`), false);
    assert.ok(performance.now() - start < 8000);
    silent.close();
  });

  it("knows that nobody listens", async () => {
    assert.equal(await answers("http://127.0.0.1:9/"), false);
  });

  it("provisions no native library when WebAssembly is asked for", async () => {
    assert.equal(await withEnvironment({ WORLDCOMPASS_BACKEND: "wasm" }, ensureTensorflow), "none");
  });

  it("says what to install when there is no compiler", async function () {
    if (process.platform !== "linux" || process.arch !== "x64") return this.skip();
    const obstacle = await withEnvironment({ CXX: "/nowhere/g++" }, wheelObstacle);
    assert.match(obstacle?.problem ?? "", /no C\+\+ compiler/);
    assert.match(obstacle?.mend ?? "", /install g\+\+/);
  });

  it("finds no Python where the chosen one is missing, and reports the version of one that is there", async () => {
    assert.equal(await withEnvironment({ WORLDCOMPASS_PYTHON: "/nowhere/python" }, findSystemPython), undefined);
    const python = await findSystemPython();
    if (python) assert.match(python.version, /^3\.\d+\.\d+/);
  });

  it("pins every Python package", () => {
    for (const name of readdirSync(join(ROOT, "lib", "runtime", "setup")).filter((file) =>
      file.endsWith("-requirements.txt"),
    )) {
      const lines = readFileSync(join(ROOT, "lib", "runtime", "setup", name), "utf8").split("\n");
      const named = lines.filter((text) => text && !text.startsWith("#"));
      for (const line of named) assert.match(line, /^[\w-]+(\[\w+\])?==[\d.]+(; python_version .*)?$/);
    }
  });
});

describe("doctor", () => {
  it("shows the mend of a missing part, and only there", () => {
    const part = { name: "ffmpeg", found: "none", mend: "install ffmpeg" };
    assert.match(formatCheck({ ...part, ok: false }), /^MISSING +ffmpeg +none\n +-> install ffmpeg$/);
    assert.doesNotMatch(formatCheck({ ...part, ok: true }), /install/);
  });
});
