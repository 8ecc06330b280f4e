// What kernelspecs start, with the connection file as argument: becomes the kernel's front process.
import { compiledFolder, openCache, run } from "./places.mjs";
import { findSnapshot } from "./snapshot.mjs";

const folder = await compiledFolder();
process.env.TYPEBOOK_SNAPSHOT = findSnapshot(folder, openCache()) ?? "";
await run(folder, "front/main");
