// `npm run build`: compiles the kernel into `dist`, as its package ships it.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "./build.mjs";

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");
rmSync(dist, { recursive: true, force: true });
await compile(dist);
