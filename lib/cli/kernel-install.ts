/** `npm run kernel:install`: makes the TypeScript kernel known to every Jupyter of this user. */
import { installForUser } from "../kernel/install/user-kernelspec.ts";
import { runMain } from "./options.ts";

runMain(async () => console.log(`kernel installed in ${installForUser()}`));
