import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { behaviourTable } from "../../lib/notebook/bench/behaviour.ts";
import { timesTable } from "../../lib/notebook/bench/bench.ts";
import { provenance, type Results, record } from "../../lib/notebook/bench/record.ts";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { replaceSection } from "../../lib/util/marked.ts";

describe("kernel: benchmark's records", () => {
  const folder = mkdtempSync(join(tmpdir(), "kernel-bench-"));

  it("replace the rows that were measured, and keep with their date those that could not be", () => {
    const path = join(folder, "times.json");
    const row = (label: string, start_ms: number) => ({ label, values: { start_ms } });
    record(path, [row("ours", 1), row("Deno", 2)], new Date("2026-01-01"));
    const results = record(path, [row("ours", 3)], new Date("2026-02-02"));
    assert.deepEqual(
      results.rows.map(({ label, values, created }) => [label, values.start_ms, created]),
      [
        ["ours", 3, "2026-02-02"],
        ["Deno", 2, "2026-01-01"],
      ],
    );
    assert.match(provenance(results), /^Measured 2026-02-02; .* Not there that day: Deno: 2026-01-01\.$/);
    assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), results);
  });

  it("are drawn between a document's marks, which must be there", () => {
    const path = join(folder, "document.md");
    writeFileSync(path, "before\n<!-- x -->\nold\n<!-- /x -->\nafter\n");
    replaceSection(path, "x", ["new", "lines"]);
    assert.equal(readFileSync(path, "utf8"), "before\n<!-- x -->\nnew\nlines\n<!-- /x -->\nafter\n");
    assert.throws(() => replaceSection(path, "y", []), /document\.md has no section y/);
  });

  it("are what docs/kernel.md shows", () => {
    const read = (name: string) => JSON.parse(readFileSync(join(ROOT, "data", "results", name), "utf8")) as Results;
    const tables = [behaviourTable(read("kernel-behaviour.json")), timesTable(read("kernel-times.json"))];
    const text = readFileSync(join(ROOT, "docs", "kernel.md"), "utf8");
    for (const table of tables) assert.ok(text.includes(table.join("\n")), "run npm run bench:kernel");
  });
});
