/** For tests that need ViZDoom: installs it, which takes seconds; where that cannot be done they are skipped, and say why. */
import type { Context } from "mocha";
import { ensureVizdoom } from "../../../lib/runtime/setup/vizdoom.ts";
import { UserError } from "../../../lib/util/errors.ts";

export async function installedOrSkipped(test: Context): Promise<void> {
  try {
    await ensureVizdoom();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.log(`      not tested: ${error.problem}`);
    test.skip();
  }
}
