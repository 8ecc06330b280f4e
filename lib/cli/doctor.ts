/** `npm run doctor`: shows every part of the installation and how to mend what is missing. Exit code 1 if any is. */
import { z } from "zod";
import { formatCheck } from "../runtime/doctor/check.ts";
import { runChecks } from "../runtime/doctor/checks.ts";
import { runCommand } from "./command.ts";

const about = "Shows every part of the installation, and how to mend what is missing.";

await runCommand({ name: "doctor", about, options: z.strictObject({}) }, async () => {
  for await (const check of runChecks()) {
    console.log(formatCheck(check));
    if (!check.ok) process.exitCode = 1;
  }
});
