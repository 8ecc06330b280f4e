import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { NO_DRIFT_SEEDS } from "../../lib/experiments/drift-show.ts";
import { readmeTables } from "../../lib/experiments/readme.ts";
import { fromRoot } from "../../lib/util/root.ts";

describe("README's tables", () => {
  const text = readFileSync(fromRoot("README.md"), "utf8");
  for (const [name, lines] of Object.entries(readmeTables())) {
    it(`${name} is what data/results holds`, () => {
      assert.ok(lines.length > 2 || lines[0] === NO_DRIFT_SEEDS, "no rows are recorded");
      const section = `<!-- ${name} -->\n${lines.join("\n")}\n<!-- /${name} -->`;
      assert.ok(text.includes(section), "run npm run tables");
    });
  }
});
