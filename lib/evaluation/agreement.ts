/** The gate of a rerun: what was measured must agree with what is recorded, and what is no number agrees with nothing. */
import { UserError } from "../util/errors.ts";

export interface Compared {
  measured: number;
  recorded: number;
  /** Largest difference that chance explains. */
  tolerance: number;
}

/** A difference that is not a number, since something was not measured or not recorded, is none that chance explains. */
export const agrees = ({ measured, recorded, tolerance }: Compared): boolean =>
  [measured, recorded, tolerance].every(Number.isFinite) && Math.abs(measured - recorded) <= tolerance;

const shown = (value: unknown): string =>
  typeof value === "number" && Number.isFinite(value)
    ? value.toFixed(1)
    : value === undefined
      ? "nothing"
      : String(value);

/**
 * @param name of a comparison's row
 * @param path of the record
 * @returns the comparisons
 * @throws UserError naming every one that does not agree, and where there is none
 */
export function assertAgreement<C extends Compared>(
  compared: readonly C[],
  name: (comparison: C) => string,
  path: string,
): C[] {
  if (compared.length === 0) throw new UserError(`nothing was compared with ${path}`, "measure one of its rows");
  const wrong = compared.filter((comparison) => !agrees(comparison));
  if (wrong.length === 0) return [...compared];
  const list = wrong.map(
    (c) => `${name(c)}: ${shown(c.measured)} % against ${shown(c.recorded)} +- ${shown(c.tolerance)}`,
  );
  throw new UserError(
    `measured accuracies differ from ${path}: ${list.join("; ")}`,
    "find out what changed; record anew only if the change is meant",
  );
}
