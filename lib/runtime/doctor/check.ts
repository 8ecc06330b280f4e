/** One part of the installation, as `npm run doctor` shows it. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found, or what is missing. */
  found: string;
  /** What to do; shown when not ok. */
  mend?: string;
}

/** A line for the part and, when it is missing something, one for the mend. */
export function formatCheck({ name, ok, found, mend }: Check): string {
  const line = `${ok ? "ok     " : "MISSING"}  ${name.padEnd(8)} ${found}`;
  return ok || !mend ? line : `${line}\n         ${" ".repeat(8)} -> ${mend}`;
}
