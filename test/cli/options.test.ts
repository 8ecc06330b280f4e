import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { parseOptions } from "../../lib/cli/options.ts";
import { UserError } from "../../lib/util/errors.ts";

const DEFAULTS = { steps: 100, lr: 0.5, out: "runs/x", quiet: false };

describe("parseOptions", () => {
  it("gives the defaults where nothing is said, and what is said in its type", () => {
    assert.deepEqual(parseOptions(DEFAULTS, []), DEFAULTS);
    const said = parseOptions(DEFAULTS, ["--steps", "7", "--lr=1e-3", "--out", "a b", "--quiet"]);
    assert.deepEqual(said, { steps: 7, lr: 0.001, out: "a b", quiet: true });
    assert.equal(parseOptions(DEFAULTS, ["--lr=-2"]).lr, -2);
  });

  it("reads back any number and text", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), (lr, out) => {
        const read = parseOptions(DEFAULTS, [`--lr=${lr}`, `--out=${out}`]);
        assert.ok(read.lr === lr && read.out === out);
      }),
    );
  });

  it("refuses what it does not know, what is no number, and what has no value; it lists what there is", () => {
    const wrong: [string[], RegExp][] = [
      [["--step", "7"], /Unknown option '--step'/],
      [["7"], /Unexpected argument '7'/],
      [["--steps"], /argument missing/],
      [["--steps", "many"], /--steps many is not a number/],
      [["--steps="], /--steps {2}is not a number/],
      [["--lr", "Infinity"], /is not a number/],
      [["--lr", "NaN"], /is not a number/],
      [["--quiet=yes"], /does not take an argument/],
    ];
    for (const [argv, problem] of wrong) {
      assert.throws(
        () => parseOptions(DEFAULTS, argv),
        (error: unknown) => {
          assert.ok(error instanceof UserError, String(error));
          assert.match(error.problem, problem);
          assert.match(error.mend, /--steps \(100\), --lr \(0\.5\), --out \(runs\/x\), --quiet \(false\)/);
          return true;
        },
      );
    }
  });
});

describe("a command", () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "lib/cli/data.ts", ...args], { encoding: "utf8" });

  it("shows a mistake of the user without a stack, and fails", () => {
    const { status, stderr } = command("--split", "nowhere");
    assert.equal(status, 1);
    assert.match(stderr, /^There is no split "nowhere"\.\n {2}-> Use one of pretrain, /);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });
});
