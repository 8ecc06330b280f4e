/** How much is evaluated: `ci` fits a test run, `paper` gives the numbers of the tables. */
import { UserError } from "../util/errors.ts";
import { HORIZONS } from "./prompts.ts";

export interface Profile {
  name: string;
  /** Prompts of each kind (basic, combined). */
  trajectories: number;
  /** Horizons in clips; the last is generated, the others are its beginnings. */
  horizons: readonly number[];
  /** Seeds of the sampling noise. */
  seeds: readonly number[];
  /** Videos generated side by side. */
  batch: number;
}

export const PROFILES: Record<string, Profile> = {
  smoke: { name: "smoke", trajectories: 2, horizons: [HORIZONS[0]], seeds: [0], batch: 2 },
  ci: { name: "ci", trajectories: 4, horizons: [HORIZONS[0]], seeds: [0], batch: 4 },
  paper: { name: "paper", trajectories: 16, horizons: HORIZONS, seeds: [0, 1], batch: 16 },
};

/** @throws UserError for an unknown name, listing the known ones */
export function profileOf(name: string): Profile {
  const profile = PROFILES[name];
  if (profile) return profile;
  throw new UserError(`there is no profile "${name}"`, `choose one of ${Object.keys(PROFILES).join(", ")}`);
}
