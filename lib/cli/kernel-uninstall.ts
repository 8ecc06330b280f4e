/** `npm run kernel:uninstall`: takes `npm run kernel:install` back. */
import { uninstallForUser } from "../kernel/install/user-kernelspec.ts";
import { runMain } from "./options.ts";

runMain(async () => {
  const folder = uninstallForUser();
  console.log(folder ? `kernel removed from ${folder}` : "the kernel was not installed for this user");
});
