import assert from "node:assert/strict";
import { CONFIGS, tablesChoices } from "../../../lib/experiments/pipeline/config.ts";
import { measureAll } from "../../../lib/experiments/pipeline/tables.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";

describe("what is measured", () => {
  it("names what was meant by a model that there is not, before anything is measured", async () => {
    for (const [name, meant] of Object.entries({ bse: "base", guidd: "guided", tokenizer: "tokeniser" })) {
      const configs = { ...CONFIGS, tables: tablesChoices.parse({ models: ["frozen", name] }) };
      await assert.rejects(measureAll({ world: courtyard, dir: "runs/none", seed: 0, configs }), {
        message: `there is no model or baseline "${name}"\n  -> did you mean ${meant}?`,
      });
    }
  });
});
