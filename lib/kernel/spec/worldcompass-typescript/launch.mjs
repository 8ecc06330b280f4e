// What the kernelspec starts: builds the kernel once, then becomes its front process.
// An installed copy of the kernelspec names this very file by its absolute path, so the import below always resolves.
import { pathToFileURL } from "node:url";
import { build } from "../../launch/build.mjs";

const { file } = await build();
await import(pathToFileURL(file("front/main")).href);
