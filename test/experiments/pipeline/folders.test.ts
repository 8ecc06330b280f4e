import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPublished } from "../../../lib/experiments/pipeline/folders.ts";
import { writeJson } from "../../../lib/util/files.ts";

describe("a pipeline's folders", () => {
  it("a network is there when it says what is asked of it", () => {
    const dir = mkdtempSync(join(tmpdir(), "pipeline-"));
    try {
      assert.equal(isPublished(dir, {}), false);
      writeJson(join(dir, "config.json"), { training: { seed: 1, steps: 2 }, tokeniser: "abc", more: 1 });
      assert.ok(isPublished(dir, { training: { seed: 1, steps: 2 }, tokeniser: "abc" }));
      assert.equal(isPublished(dir, { training: { seed: 1, steps: 3 } }), false);
      assert.equal(isPublished(dir, { world: "courtyard" }), false);
      // A key that the network's training did not know yet counts as its default.
      const training = { seed: 1, steps: 2, rollout: { later: 5 } };
      assert.equal(isPublished(dir, { training }), false);
      assert.ok(isPublished(dir, { training }, { training: { rollout: { later: 5 } } }));
      assert.equal(isPublished(dir, { training }, { training: { rollout: { later: 6 } } }), false);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
