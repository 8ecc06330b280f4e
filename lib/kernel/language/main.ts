import { Socket } from "node:net";
import { startupSnapshot } from "node:v8";
import { FD, type Request } from "../protocol/language.ts";
import { encodeFrame, FrameDecoder } from "../protocol/pipe.ts";
import { answer } from "./methods.ts";
import { Notebook } from "./notebook.ts";
import { readPackages } from "./packages.ts";
import type { Service } from "./service.ts";

/**
 * The process that knows TypeScript, started as `main FOLDER ROOT`. Reading the standard library's types takes a
 * second, so this file is also run once ahead of time and frozen, types and all, into a V8 startup snapshot; a kernel
 * then starts from that.
 */
const REST_AFTER_MS = 200;

function serve(notebook: Notebook): void {
  const output = new Socket({ fd: FD.responses, readable: false, writable: true });
  const input = new Socket({ fd: FD.requests, readable: true, writable: false });
  // The front process has gone, perhaps before it read the last answer.
  output.on("error", () => process.exit(0));
  const decoder = new FrameDecoder<Request>();
  let rest: NodeJS.Timeout | undefined;
  input.on("data", (chunk: Buffer) => {
    clearTimeout(rest);
    for (const { message } of decoder.push(chunk)) output.write(encodeFrame(answer(notebook, message)));
    if (notebook.wantsRest) rest = setTimeout(() => notebook.rest(), REST_AFTER_MS);
  });
  input.on("end", () => process.exit(0));
}

/** Also compiles the functions that the first cell will need. */
function warm(notebook: Notebook): Notebook {
  notebook.warmUp();
  notebook.prepare({ cell: 0, label: "0", code: "let warm: number = 1; warm" });
  notebook.check({ cell: 0, mode: "block" });
  notebook.reset();
  return notebook;
}

/** Global, because V8 would drop what nothing refers to. */
const kept = globalThis as { packages?: Service };

const [folder, root] = process.argv.slice(-2);
if (startupSnapshot.isBuildingSnapshot()) {
  const builtRoot = process.env.TYPEBOOK_ROOT as string;
  const home = process.cwd();
  const frozen = warm(new Notebook(home, builtRoot));
  kept.packages = readPackages(home, builtRoot);
  startupSnapshot.setDeserializeMainFunction(() => {
    const [wanted] = process.argv.slice(-2);
    serve(frozen.serves(wanted) ? frozen.refreshed() : warm(new Notebook(wanted, builtRoot)));
  });
} else {
  serve(warm(new Notebook(folder, root)));
}
