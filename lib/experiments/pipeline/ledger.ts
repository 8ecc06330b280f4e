/** What has been measured of which weights, kept beside the runs, so that a stopped measurement goes on. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { type About, type Row, readReport, recordRows, rowsAbout } from "../../evaluation/report.ts";
import { UserError } from "../../util/errors.ts";
import { writeJson } from "../../util/files.ts";
import { withLock } from "../../util/lock.ts";
import { parseJson } from "../../util/strict-json.ts";

const MEND = "remove it to measure everything anew";

export class Ledger {
  private readonly report: string;
  private readonly path: string;
  private readonly done: Set<string>;

  /** @param report that rows are recorded in. @throws UserError where the ledger is damaged */
  constructor(report: string, path: string) {
    this.report = report;
    this.path = path;
    const known = existsSync(path) ? parseJson(readFileSync(path, "utf8"), path, MEND) : [];
    const parsed = z.array(z.string()).safeParse(known);
    if (!parsed.success) throw new UserError(`${path} is no list of names`, MEND);
    this.done = new Set(parsed.data);
  }

  /**
   * Measures and records what has not been, or is not in the report any more.
   * @param name of what is measured, weights included
   * @param about rows that it leaves in the report
   */
  async once(name: string, about: About, measure: () => Promise<readonly Row[]>): Promise<void> {
    if (this.done.has(name) && this.isRecorded(about)) return;
    const rows = await measure();
    // Another world's measurements may go into the same report meanwhile.
    await withLock(this.report, async () => recordRows(this.report, rows));
    this.done.add(name);
    writeJson(this.path, [...this.done]);
  }

  private isRecorded(about: About): boolean {
    return existsSync(this.report) && rowsAbout(readReport(this.report).rows, about).length > 0;
  }
}
