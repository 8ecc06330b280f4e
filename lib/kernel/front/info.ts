import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Json, PROTOCOL_VERSION } from "../wire/message.ts";
import { root } from "./settings.ts";

const manifest = join(root, "package.json");
const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
const typescript = createRequire(manifest)("typescript/package.json") as { version: string };

/** Content of kernel_info_reply. */
export function kernelInfo(): Json {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "typebook",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript.version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescript.version} on Node ${process.versions.node}: typed, interruptible cells`,
    debugger: true,
    supported_features: ["kernel subshells", "debugger"],
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  };
}
