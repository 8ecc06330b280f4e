import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendJsonLine, fingerprintFile, writeAtomic, writeJson } from "../../lib/util/files.ts";

describe("files", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "files-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("writes whole files, makes folders, and leaves nothing else behind", () => {
    const path = join(dir, "a/b.txt");
    writeAtomic(path, "first");
    writeAtomic(path, Uint8Array.of(111, 107));
    assert.equal(readFileSync(path, "utf8"), "ok");
    assert.deepEqual(readdirSync(join(dir, "a")), ["b.txt"]);
  });

  it("cleans up when it cannot write", () => {
    mkdirSync(join(dir, "taken/full"), { recursive: true });
    assert.throws(() => writeAtomic(join(dir, "taken"), "x"));
    assert.deepEqual(readdirSync(dir), ["taken"]);
  });

  it("writes JSON and JSON lines", () => {
    writeJson(join(dir, "a.json"), { a: [1] });
    assert.deepEqual(JSON.parse(readFileSync(join(dir, "a.json"), "utf8")), { a: [1] });
    for (const step of [1, 2]) appendJsonLine(join(dir, "log/l.jsonl"), { step });
    assert.equal(readFileSync(join(dir, "log/l.jsonl"), "utf8"), '{"step":1}\n{"step":2}\n');
  });

  it("knows a file by its size and SHA-256", () => {
    writeAtomic(join(dir, "abc"), "abc");
    // NIST's test vector for "abc".
    const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert.deepEqual(fingerprintFile(join(dir, "abc")), { bytes: 3, sha256 });
  });
});
