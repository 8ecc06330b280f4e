import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Row } from "../../lib/evaluation/report.ts";
import { drawnTables, modelLines, tablesOf } from "../../lib/experiments/tables.ts";
import { fromRoot } from "../../lib/util/root.ts";

const row = (about: Partial<Row>): Row => ({
  ...{ world: "courtyard", model: "base", trainingSeed: 0, samplingSeed: 0, actions: "combined", frames: 125 },
  ...{ metric: "action-accuracy", unit: "%", values: [10, 20, 30] },
  ...about,
});

describe("tables from records", () => {
  it("a cell is the mean over prompts with its standard error, and over training seeds their deviation", () => {
    const seeds = [0, 1].map((trainingSeed) =>
      row({ model: "post-trained", trainingSeed, values: [50, 60, 70].map((v) => v + 10 * trainingSeed) }),
    );
    const lines = modelLines([...seeds, row({}), row({ metric: "psnr", unit: "dB", values: [20, 20, 20] })], {
      frames: [125],
    });
    assert.deepEqual(lines.slice(2), [
      "| base | combined | 125 | 20.0 ± 5.8 | 20.0 ± 0.0 |",
      "| post-trained | combined | 125 | 65.0 ± 5.8 (7.1) |  |",
    ]);
  });

  it("known models come first, and README has the longest videos alone", () => {
    const rows = [row({ model: "zebra" }), row({ frames: 381 }), row({})];
    const { "README.md": short, "docs/results.md": all } = tablesOf(rows);
    assert.equal(short["courtyard-table"].length, 3);
    assert.ok(short["courtyard-table"][2].startsWith("| base | combined | 381 |"));
    assert.deepEqual(
      all["courtyard-all"].slice(2).map((line) => line.split(" | ").slice(0, 3).join(" ")),
      ["| base combined 125", "| zebra combined 125", "| paper, 8B base combined 125", "| paper, 8B post-trained combined 125", "| base combined 381", "| paper, 8B base combined 381", "| paper, 8B post-trained combined 381"], // biome-ignore format: a list
    );
  });

  it("where nothing is recorded the command that measures it stands in its place", () => {
    assert.match(tablesOf([])["README.md"]["doom-table"][0], /npm run train -- --world doom/);
  });

  for (const [path, sections] of Object.entries(drawnTables()))
    for (const [name, lines] of Object.entries(sections))
      it(`${path}: ${name} is what data/results holds`, () => {
        const section = `<!-- ${name} -->\n${lines.join("\n")}\n<!-- /${name} -->`;
        assert.ok(readFileSync(fromRoot(path), "utf8").includes(section), "run npm run tables");
      });
});
