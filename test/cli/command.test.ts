import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { readArguments } from "../../lib/cli/command.ts";
import { UserError } from "../../lib/util/errors.ts";
import { count, positive, text, whole } from "../../lib/util/schema.ts";

const options = z.strictObject({
  steps: count().default(100).describe("Steps of the run."),
  lr: z.number().default(0.5),
  out: text().default("runs/x"),
  quiet: z.boolean().default(false),
  saveEvery: count().default(10),
  seeds: z.array(whole()).min(1).optional(),
  only: z.array(text()).default(["01"]),
  rollout: z
    .strictObject({
      branches: count().default(12).describe("Branches of a prompt."),
      unit: z.enum(["clip", "sequence"]).default("clip"),
      exploration: z.strictObject({ guidance: z.array(positive()).default([1]) }).prefault({}),
    })
    .prefault({}),
});
const SPEC = { name: "demo", about: "Shows how.", options };

const read = (...argv: string[]) => {
  const found = readArguments(SPEC, argv);
  assert.ok(found);
  return found.options;
};

const DEFAULTS = options.parse({});

describe("a command's arguments", () => {
  it("give the defaults where nothing is said, and what is said in its type", () => {
    assert.deepEqual(read(), DEFAULTS);
    const said = read("--steps", "7", "--lr=1e-3", "--out", "a b", "--quiet", "--seeds", "3, 4", "--only=");
    assert.deepEqual(said, { ...DEFAULTS, steps: 7, lr: 0.001, out: "a b", quiet: true, seeds: [3, 4], only: [] });
  });

  it("reach nested entries by dots, and may be written with hyphens", () => {
    const said = read("--rollout.branches", "6", "--rollout.exploration.guidance=1,2.5", "--save-every", "3");
    const { rollout, saveEvery } = said;
    assert.deepEqual(rollout, { branches: 6, unit: "clip", exploration: { guidance: [1, 2.5] } });
    assert.equal(saveEvery, 3);
  });

  it("may be negative numbers, and switches that are set to false", () => {
    assert.equal(read("--lr", "-2").lr, -2);
    assert.equal(read("--lr=-2e-3").lr, -0.002);
    assert.equal(read("--quiet=false").quiet, false);
    assert.equal(read("--quiet", "true").quiet, true);
  });

  it("are read back whatever number or text they are", () => {
    const written = fc.string({ minLength: 1 }).filter((out) => !out.startsWith("--"));
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), written, (lr, out) => {
        const said = read(`--lr=${lr}`, `--out=${out}`);
        assert.ok(said.lr === lr && said.out === out);
      }),
    );
  });

  const wrong: [string[], RegExp, RegExp][] = [
    [["--stepz", "7"], /^there is no --stepz$/, /did you mean --steps\?/],
    [["--branches", "7"], /^there is no --branches$/, /did you mean --rollout\.branches\?/],
    [["--rollout.brances", "7"], /^there is no --rollout\.brances$/, /did you mean --rollout\.branches\?/],
    [["--rollout.exploration.guidence=1"], /^there is no --rollout\.exploration\.guidence$/, /exploration\.guidance\?/],
    [["--save-evry", "7"], /^there is no --save-evry$/, /did you mean --saveEvery\?/],
    [["--no-quiet"], /^there is no --no-quiet$/, /--quiet/],
    [["--temperature", "7"], /^there is no --temperature$/, /choose one of --steps, --lr, /],
    [["--__proto__", "7"], /^there is no --__proto__$/, /choose one of/],
    [["--constructor", "7"], /^there is no --constructor$/, /choose one of/],
    [["--rollout", "7"], /^there is no --rollout$/, /choose one of/],
    [["-x"], /^there is no -x$/, /choose one of/],
    [["7"], /^"7" belongs to no option$/, /--help/],
    [["--quiet", "--", "7"], /^"7" belongs to no option$/, /--help/],
    [["--steps"], /^--steps has no value$/, /a whole number, 1 or more/],
    [["--out", "--quiet"], /^--out has no value$/, /not empty/],
    [["--steps", "many"], /^--steps is "many"$/, /a whole number, 1 or more/],
    [["--steps="], /^--steps is ""$/, /a whole number, 1 or more/],
    [["--steps", "1.5"], /^--steps is 1\.5$/, /a whole number, 1 or more/],
    [["--steps", "0"], /^--steps is 0$/, /a whole number, 1 or more/],
    [["--steps", "0x10"], /^--steps is "0x10"$/, /a whole number, 1 or more/],
    [["--steps", "9007199254740993"], /^--steps is /, /a whole number, 1 or more/],
    [["--lr", "Infinity"], /^--lr is "Infinity"$/, /a number/],
    [["--lr", "1e400"], /^--lr is Infinity$/, /a number/],
    [["--lr", "NaN"], /^--lr is "NaN"$/, /a number/],
    [["--lr", "1,5"], /^--lr is "1,5"$/, /a number/],
    [["--quiet=yes"], /^--quiet is "yes"$/, /true or false/],
    [["--out="], /^--out is ""$/, /not empty/],
    [["--steps", "1", "--steps", "2"], /^--steps is given twice$/, /once/],
    [["--seeds="], /^--seeds is \[\]$/, /1 or more/],
    [["--seeds", "1,x"], /^--seeds is \[1,"x"\]$/, /separated by commas/],
    [["--rollout.unit", "frame"], /^--rollout\.unit is "frame"$/, /one of clip, sequence/],
  ];
  for (const [argv, problem, mend] of wrong) {
    it(`are refused: ${argv.join(" ")}`, () => {
      assert.throws(
        () => read(...argv),
        (error: unknown) => {
          assert.ok(error instanceof UserError, String(error));
          assert.match(error.problem, problem);
          assert.match(error.mend, mend);
          return true;
        },
      );
    });
  }

  it("are passed on where another program takes them", () => {
    const spec = { name: "lab", about: "", options: z.strictObject({}), passesTo: "jupyter lab" };
    const argv = ["--port", "9000", "--no-browser", "notebooks"];
    assert.deepEqual(readArguments(spec, argv)?.rest, argv);
  });

  it("may ask for help, which says every option, its range, its default and what it means", () => {
    const { write } = process.stdout;
    let shown = "";
    process.stdout.write = (part: string | Uint8Array) => {
      shown += part;
      return true;
    };
    try {
      assert.equal(readArguments(SPEC, ["--help", "--steps", "0"]), undefined);
    } finally {
      process.stdout.write = write;
    }
    const lines = shown.replace(/\s+/g, " ");
    assert.match(lines, /Usage: npm run demo -- \[options\] Shows how\./);
    assert.match(lines, /--steps <number> Steps of the run\. \(a whole number, 1 or more; default 100\)/);
    assert.match(
      lines,
      /--rollout\.branches <number> Branches of a prompt\. \(a whole number, 1 or more; default 12\)/,
    );
    assert.match(lines, /--rollout\.unit <text> one of clip, sequence; default clip/);
  });
});
