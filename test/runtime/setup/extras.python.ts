/** Python packages on demand: `npm run test:python`. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { ensureExtra, extraFault, GYMNASIUM } from "../../../lib/runtime/setup/extras.ts";

describe("Python packages on demand", function () {
  this.timeout(600_000);

  it("are tried, and installed again where they do not work", async () => {
    const python = await ensureExtra(GYMNASIUM);
    const file = execFileSync(python, ["-c", "import gymnasium; print(gymnasium.__file__)"], {
      encoding: "utf8",
    }).trim();
    writeFileSync(file, "raise ImportError('damaged')\n");
    assert.match(String(await extraFault(GYMNASIUM)), /damaged/);
    assert.equal(await ensureExtra(GYMNASIUM), python);
    assert.equal(await extraFault(GYMNASIUM), undefined);
  });
});
