/**
 * `npm run group -- --file rates.json --engine ray --workers 4`: a group of experiments as one submission (docs/ray.md); the same
 * command goes on where it was stopped.
 */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { runGroup, type Submission } from "../experiments/group/group.ts";
import { localEngine } from "../runtime/engine/local.ts";
import { engineOptions, openEngine } from "../runtime/engine/open.ts";
import { onFile, UserError } from "../util/errors.ts";
import { fromRoot } from "../util/root.ts";
import { text } from "../util/schema.ts";
import { parseJson } from "../util/strict-json.ts";
import { runCommand } from "./command.ts";

const FORM = "{ dir, arms: [{ name, module, config }] }";

const submission = z.strictObject({
  dir: text().describe("Folder of the group; an arm's is below it."),
  arms: z
    .array(
      z.strictObject({
        name: text().describe("Names its folder."),
        module: text().describe("Path in the project of a module whose default export runs the arm."),
        config: z.record(z.string(), z.unknown()).default({}).describe("What the module is given."),
      }),
    )
    .min(1),
});

const options = z.strictObject({
  file: text().describe("JSON file with the group's folder and arms."),
  ...engineOptions,
});
const about = "Runs a group of experiments, an arm a worker, and goes on where it was stopped.";

function readSubmission(file: string): Submission {
  const given = onFile(file, () => readFileSync(file, "utf8"));
  const { success, data, error } = submission.safeParse(parseJson(given, file, "mend the file"));
  if (success) return data;
  const [{ path, message }] = error.issues;
  throw new UserError(`${[file, ...path].join(": ")}: ${message}`, `give ${FORM}`);
}

await runCommand({ name: "group", about, options }, async ({ file, ...asked }) => {
  const group = readSubmission(file);
  const missing = group.arms.find(({ module }) => !existsSync(fromRoot(module)));
  if (missing)
    throw new UserError(`arm "${missing.name}": there is no module ${missing.module}`, "give its path in the project");
  const engine = (await openEngine(asked)) ?? localEngine(1);
  try {
    const results = await runGroup(engine, group);
    for (const [i, result] of results.entries()) console.log(`${group.arms[i].name}: ${JSON.stringify(result)}`);
  } finally {
    await engine.close();
  }
});
