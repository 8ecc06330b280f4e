// What kernelspecs start, with the connection file as argument: becomes the kernel's front process.
import { run } from "./compiled.mjs";

await run("front/main");
