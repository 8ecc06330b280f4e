import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Json, PROTOCOL_VERSION } from "../wire/message.ts";

/** Content of kernel_info_reply. */
export function kernelInfo(root: string): Json {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const typescript = JSON.parse(readFileSync(join(root, "node_modules/typescript/package.json"), "utf8")) as {
    version: string;
  };
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "worldcompass-typescript",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript.version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${typescript.version} on Node ${process.versions.node}: typed, interruptible cells`,
    debugger: false,
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  };
}
