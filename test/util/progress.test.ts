import assert from "node:assert/strict";
import { duration, Progress } from "../../lib/util/progress.ts";

function recorder(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

describe("progress", () => {
  it("shows how much is done, the speed, the time left and a note", () => {
    const progress = new Progress("render", 200, 50, { unit: "frames", stream: recorder(false) });
    progress.advance(50);
    assert.match(
      progress.line("loss 0.5"),
      /^render \[#{12}-{12}\] 100\/200 {2}\S+ frames\/s {2}\S+ left {2}loss 0\.5$/,
    );
    progress.update(200);
    assert.match(progress.line(), /200\/200 .* took 0s$/);
  });

  it("is throttled: a log gets the first line and the last", () => {
    const stream = recorder(false);
    const progress = new Progress("render", 1000, 0, { stream });
    for (let i = 0; i < 1000; i++) progress.advance();
    progress.finish();
    assert.equal(stream.written.length, 2);
    assert.ok(stream.written.every((line) => line.endsWith("\n")));
  });

  it("redraws one line on a terminal and ends it once", () => {
    const stream = recorder(true);
    const progress = new Progress("render", 1, 0, { stream });
    progress.advance();
    progress.finish();
    assert.ok(stream.written[0].startsWith("\r"));
    assert.equal(stream.written.filter((text) => text.includes("\n")).length, 1);
  });

  it("writes durations as people do", () => {
    assert.deepEqual([42, 185, 7620].map(duration), ["42s", "3m05s", "2h07m"]);
  });
});
