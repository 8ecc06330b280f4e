import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { toCodePoints, toUtf16 } from "../../lib/kernel/front/cursor.ts";
import { StreamBuffer } from "../../lib/kernel/front/streams.ts";
import { installForUser, jupyterDataFolder, uninstallForUser } from "../../lib/kernel/install/user-kernelspec.ts";
import { encodeFrame, FrameDecoder } from "../../lib/kernel/protocol/pipe.ts";
import { transformCell } from "../../lib/kernel/transform/cell.ts";
import { PositionMap } from "../../lib/kernel/transform/compose.ts";
import { parseModule } from "../../lib/kernel/transform/parse.ts";

describe("kernel: parts", () => {
  it("carries frames with buffers through pipes that cut them anywhere", () => {
    const frames = fc.array(
      fc.tuple(
        fc.record({ text: fc.string({ unit: "grapheme" }) }, { noNullPrototype: true }),
        fc.array(fc.uint8Array()),
      ),
    );
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 40 }), (sent, size) => {
        const bytes = Buffer.concat(sent.map(([message, buffers]) => encodeFrame(message, buffers)));
        const decoder = new FrameDecoder<{ text: string }>();
        const received = [];
        for (let at = 0; at < bytes.length; at += size) received.push(...decoder.push(bytes.subarray(at, at + size)));
        const expected = sent.map(([message, buffers]) => ({ message, buffers: buffers.map((b) => Buffer.from(b)) }));
        assert.deepEqual(received, expected);
      }),
    );
  });

  it("converts cursors between code points and UTF-16 and back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, at) => {
        const points = Math.min(at, [...text].length);
        assert.equal(toCodePoints(text, toUtf16(text, points)), points);
      }),
    );
  });

  it("coalesces stream text without losing or reordering any", () => {
    const cells = fc.array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.constantFrom("stdout", "stderr"), fc.string()));
    fc.assert(
      fc.property(cells, (writes) => {
        const published: string[] = [];
        const buffer = new StreamBuffer((cell, name, text) =>
          published.push(...[...text].map((c) => `${cell}${name}${c}`)),
        );
        for (const [cell, name, text] of writes) buffer.add(cell, name as "stdout", text);
        buffer.flush();
        assert.deepEqual(
          published,
          writes.flatMap(([cell, name, text]) => [...text].map((c) => `${cell}${name}${c}`)),
        );
      }),
    );
  });

  it("maps positions in running code to what the user wrote, moved functions included", () => {
    const code = "let before = 1;\nfor (const x of [1]) await x;\nfunction moved(a: number): void {\n  marker(a);\n}\n";
    const { js, maps } = transformCell(parseModule("cell.mts", code));
    const lines = js.split("\n");
    const at = (text: string) => {
      const line = lines.findIndex((candidate) => candidate.includes(text));
      return new PositionMap(maps).original({ line: line + 1, column: lines[line].indexOf(text) + 1 });
    };
    assert.deepEqual(at("marker"), { line: 4, column: 3 });
    assert.deepEqual(at("before"), { line: 1, column: 5 });
  });

  it("finds a user's Jupyter folder on each platform, also where a variable is empty", () => {
    const home = homedir();
    const empty = { JUPYTER_DATA_DIR: "", XDG_DATA_HOME: "", APPDATA: "" };
    assert.equal(jupyterDataFolder({ JUPYTER_DATA_DIR: "/j", XDG_DATA_HOME: "/x" }, "linux"), "/j");
    assert.equal(jupyterDataFolder({ XDG_DATA_HOME: "/x" }, "linux"), join("/x", "jupyter"));
    for (const env of [{}, empty]) {
      assert.equal(jupyterDataFolder(env, "linux"), join(home, ".local", "share", "jupyter"));
      assert.equal(jupyterDataFolder(env, "darwin"), join(home, "Library", "Jupyter"));
      assert.equal(jupyterDataFolder(env, "win32"), join(home, "AppData", "Roaming", "jupyter"));
    }
  });

  it("installs its kernelspec for a user and removes it", () => {
    const before = process.env.JUPYTER_DATA_DIR;
    process.env.JUPYTER_DATA_DIR = mkdtempSync(join(tmpdir(), "kernel-install-"));
    try {
      const folder = installForUser();
      const { argv } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv: string[] };
      assert.ok(existsSync(argv[1]), argv[1]);
      assert.equal(argv[2], "{connection_file}");
      assert.equal(uninstallForUser(), folder);
      assert.ok(!existsSync(folder));
      assert.equal(uninstallForUser(), undefined);
    } finally {
      if (before === undefined) delete process.env.JUPYTER_DATA_DIR;
      else process.env.JUPYTER_DATA_DIR = before;
    }
  });
});
