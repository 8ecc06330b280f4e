// `npm run build`: compiles the kernel into `dist`, as its package ships it. Before `npm pack`, also where npm runs no
// scripts of its own accord.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "./build.mjs";

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");
rmSync(dist, { recursive: true, force: true });
await compile(dist);
