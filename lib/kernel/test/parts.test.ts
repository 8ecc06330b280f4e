import assert from "node:assert/strict";
import fc from "fast-check";
import { toCodePoints, toUtf16 } from "../front/cursor.ts";
import { StreamBuffer } from "../front/streams.ts";
import { encodeFrame, FrameDecoder } from "../protocol/pipe.ts";
import { transformCell } from "../transform/cell.ts";
import { PositionMap } from "../transform/compose.ts";
import { parseModule } from "../transform/parse.ts";

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
});
