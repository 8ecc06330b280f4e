/** `npm run fuzz`: damages what each reader reads, and records how it went. */
import { z } from "zod";
import { runCommand } from "../../lib/cli/command.ts";
import { machine } from "../../lib/evaluation/report.ts";
import { currentCommit } from "../../lib/util/commit.ts";
import { UserError } from "../../lib/util/errors.ts";
import { writeJson } from "../../lib/util/files.ts";
import { Progress } from "../../lib/util/progress.ts";
import { fromRoot } from "../../lib/util/root.ts";
import { count, whole } from "../../lib/util/schema.ts";
import { type FuzzResult, fuzz } from "./fuzz.ts";
import { TARGETS } from "./targets.ts";

const RESULT = "data/results/fuzz.json";

const options = z.strictObject({
  runs: count().default(100_000).describe("Damaged inputs for each parser."),
  seed: whole().default(1).describe("Of the damage."),
  only: z.string().min(1).optional().describe("The parser of this name alone; nothing is recorded."),
});
const about = `Damages what each parser reads, in many ways; records how it went in ${RESULT}.`;

await runCommand({ name: "fuzz", about, options }, async ({ runs, seed, only }) => {
  const targets = TARGETS.filter(({ parser }) => only === undefined || parser === only);
  if (targets.length === 0)
    throw new UserError(
      `there is no parser "${only}"`,
      `choose among ${TARGETS.map(({ parser }) => parser).join(", ")}`,
    );
  const bar = new Progress("parsers", targets.length, 0, { unit: "parsers" });
  const parsers: FuzzResult[] = [];
  for (const target of targets) {
    parsers.push(await fuzz(target, runs, seed));
    bar.advance();
  }
  bar.finish();
  if (only !== undefined) return;
  writeJson(fromRoot(RESULT), {
    commit: currentCommit(),
    created: new Date().toISOString(),
    machine: machine(),
    seed,
    parsers,
  });
});
