/** `npm run doctor`: shows every part of the installation and how to mend what is missing. Exit code 1 if any is. */
import { formatCheck } from "../runtime/doctor/check.ts";
import { runChecks } from "../runtime/doctor/checks.ts";

for await (const check of runChecks()) {
  console.log(formatCheck(check));
  if (!check.ok) process.exitCode = 1;
}
