import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { globMatcher } from "../front/glob.ts";
import { History, type HistoryRequest } from "../front/history.ts";

const newFile = (): string => join(mkdtempSync(join(tmpdir(), "kernel-history-")), "history.jsonl");

const open = (file: string): History => new History(file, (problem) => assert.fail(problem));

const sources = (history: History, request: HistoryRequest): unknown[] =>
  history.answer(request).map((entry) => (entry as unknown[])[2]);

describe("kernel: history", () => {
  it("finds cells by SQLite's globs, as ipykernel does", () => {
    const matches: [pattern: string, text: string, matches: boolean][] = [
      ["a*", "a + 1", true],
      ["", "x", false],
      ["z[1-2]", "z2", true],
      ["z[1-2]", "z3", false],
      ["z[^1]", "z1", false],
      ["z[^1]", "z2", true],
      ["*[*]*", "a*b", true],
      ["*[*]*", "ab", false],
      ["[]]", "]", true],
      ["[^]]", "]", false],
      ["[a-]", "-", true],
      ["[", "[", false],
      ["a]", "a]", true],
      ["[z-a]", "b", false],
      ["?", "😀", true],
      ["a?b", "a\nb", true],
      ["a.c", "abc", false],
      ["a*a", "a", false],
      ["*ab*b", "ab", false],
      ["*a", "ba\n", false],
    ];
    for (const [pattern, text, expected] of matches)
      assert.equal(globMatcher(pattern)(text), expected, JSON.stringify([pattern, text]));
  });

  it("takes every pattern, and a text whose characters are all quoted for itself", () => {
    const short = fc.string({ unit: fc.constantFrom(..."ab[]^-*?\\é😀\n", "\ud800"), maxLength: 8 });
    fc.assert(
      fc.property(short, short, (pattern, text) => {
        globMatcher(pattern)(text);
        const quoted = [...text].map((c) => (c === "^" ? c : `[${c}]`)).join("");
        assert.ok(globMatcher(quoted)(text));
        assert.ok(globMatcher(`*${quoted}*`)(`a${text}b`));
      }),
    );
  });

  it("answers with all cells where the number is negative or none", () => {
    const history = open(newFile());
    for (const [i, source] of ["a", "b", "c"].entries()) history.add(i + 1, source);
    const tail = (n: unknown) => sources(history, { hist_access_type: "tail", n } as HistoryRequest);
    assert.deepEqual(tail(2), ["b", "c"]);
    assert.deepEqual(tail(0), []);
    for (const n of [-1, -5, null, undefined, "2", 99]) assert.deepEqual(tail(n), ["a", "b", "c"], String(n));
  });

  it("keeps apart the sessions of kernels that began at the same time", () => {
    const file = newFile();
    const [first, second] = [open(file), open(file)];
    first.add(1, "of the first");
    second.add(1, "of the second");
    const later = open(file);
    const session = (number: number) => sources(later, { hist_access_type: "range", session: number });
    assert.deepEqual(session(-1), ["of the second"]);
    assert.deepEqual(session(-2), ["of the first"]);
    assert.deepEqual(sources(second, { hist_access_type: "range", session: 0 }), ["of the second"]);
  });

  it("passes over lines that are no cells", () => {
    const file = newFile();
    const lines = ['[1,1,"a"]', "null", '{"x":1}', '[2,"1","b"]', '[-5,1,"c"]', '[1e300,1,"d"]', "[1,2,7]", "\0\0"];
    writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
    const history = open(file);
    history.add(1, "next");
    assert.deepEqual(history.answer({ hist_access_type: "tail" }), [
      [1, 1, "a"],
      [2, 1, "next"],
    ]);
  });
});
