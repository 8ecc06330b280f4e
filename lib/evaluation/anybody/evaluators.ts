/** The evaluators of a world that are there, and what each was trained on: a number means little without it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readConfig } from "../../model/nn/published.ts";
import { ESTIMATOR_FOLDERS, loadActionEstimator } from "../../rewards/actions/estimators.ts";
import type { ActionEstimator } from "../../rewards/actions/reading.ts";
import { loadPreference, type Preference } from "../../rewards/preference/preference.ts";
import { fromRoot } from "../../util/root.ts";
import { parseJson } from "../../util/strict-json.ts";

export interface AboutEvaluator {
  readonly name: string;
  readonly sha256: string;
  /** A sentence: which world's recordings, and how right it is there. */
  readonly trainedOn: string;
}

export interface Evaluators {
  readonly estimators: readonly ActionEstimator[];
  readonly preference?: Preference;
  readonly about: readonly AboutEvaluator[];
  /** What is not there, and how to get it. */
  readonly lacking: readonly string[];
}

const PREFERENCE = "preference-heldout";
/** Estimators that nothing is trained against. */
const ROLES = ["evaluation", "check"] as const;

const validitySchema = z.object({
  rows: z.array(z.object({ estimator: z.string(), pictures: z.string(), commands: z.string(), exact: z.number() })),
});

/** @param networks folder of a world's networks. @throws UserError where one is damaged */
export function loadEvaluators(networks: string): Evaluators {
  const there = (folder: string): boolean => existsSync(fromRoot(join(networks, folder, "config.json")));
  const roles = ROLES.filter((role) => there(ESTIMATOR_FOLDERS[role]));
  const estimators = roles.map((role) => loadActionEstimator(networks, role));
  const preference = there(PREFERENCE) ? loadPreference(join(networks, PREFERENCE)) : undefined;
  const about = estimators.map(
    ({ name, sha256 }, i): AboutEvaluator => ({
      name,
      sha256,
      trainedOn: `${origin(join(networks, ESTIMATOR_FOLDERS[roles[i]]), "estimator-evaluation")}${rightness(networks, name)}`,
    }),
  );
  if (preference)
    about.push({
      name: "visual score",
      sha256: preference.sha256,
      trainedOn: origin(join(networks, PREFERENCE), "preference"),
    });
  const lacking = [
    ...(estimators.length === 0
      ? [
          `action following: no action estimator in ${networks}; npm run train -- --only data,tokeniser,depth,estimators`,
        ]
      : []),
    ...(preference ? [] : [`visual score: no ${join(networks, PREFERENCE)}; npm run train -- --only preference`]),
  ];
  return { estimators, preference, about, lacking };
}

function origin(dir: string, split: string): string {
  const { world, features } = readConfig(dir);
  const of = typeof world === "string" ? `recordings of the world "${world}"` : "recordings of an unnamed world";
  return `${of}, split ${split}${typeof features === "string" ? `, features ${features}` : ""}`;
}

/** What the world's own report says of an estimator on true pictures. */
function rightness(networks: string, estimator: string): string {
  const path = fromRoot(join(networks, "estimators.json"));
  if (!existsSync(path)) return "; how right it is there was not measured";
  const value = parseJson(readFileSync(path, "utf8"), path, "measure it again: npm run train -- --only estimators");
  const rows = validitySchema.safeParse(value).data?.rows ?? [];
  const own = rows.filter((row) => row.estimator === estimator && row.pictures === "true");
  if (own.length === 0) return "; how right it is there was not measured";
  const list = own.map(({ commands, exact }) => `${(100 * exact).toFixed(1)} % of ${commands}`).join(", ");
  return `; on its true pictures it reads ${list} commands right`;
}
