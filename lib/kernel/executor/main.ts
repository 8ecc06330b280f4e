import { Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Debuggee } from "../debugger/debuggee.ts";
import { type Command, FD } from "../protocol/executor.ts";
import { FrameDecoder } from "../protocol/pipe.ts";
import { markEnd, send } from "./channel.ts";
import { Comms } from "./comms.ts";
import { startControlThread } from "./control-thread.ts";
import { keepDescriptors } from "./descriptors.ts";
import { Evaluator } from "./evaluate.ts";
import { injectGlobals } from "./globals.ts";
import { Importer } from "./importer.ts";
import { Input } from "./input.ts";
import { Rejections } from "./rejections.ts";
import { Results } from "./results.ts";
import { Runner } from "./runner.ts";
import { Stacks } from "./stack.ts";
import { installStdin } from "./stdin.ts";
import { installStreams } from "./streams.ts";
import { tidyPromises } from "./text.ts";
import { scopeTimers } from "./timers.ts";
import { answerTypes, typesAmong } from "./type-names.ts";

/** The process that holds the notebook's state. It alone runs user code, and may be killed and replaced. */
const here = dirname(fileURLToPath(import.meta.url));
const moduleCache = join(process.env.TYPEBOOK_CACHE as string, "modules");

keepDescriptors();
installStreams();
const places = { folder: process.cwd(), compiler: join(here, "loader-compile.mjs"), cache: moduleCache };
const importer = new Importer(places, typesAmong);
const stacks = new Stacks((hash) => importer.maps(hash));
stacks.install();
const { interrupts, scope, answers } = startControlThread(join(here, "executor-control.mjs"));
const comms = new Comms();
const rejections = new Rejections();
const input = new Input(interrupts, answers);
installStdin(input);
tidyPromises();
scopeTimers(scope);
injectGlobals(interrupts, input, comms, importer);
const debuggee = new Debuggee((url) => stacks.maps(url));
const evaluator = new Evaluator(() => debuggee.attached);
const results = new Results();
results.install();
const parts = { evaluator, interrupts, scope, stacks, rejections, input, results, importer };
const runner = new Runner(parts, (done) => {
  markEnd(done.cell);
  send(done);
});

function handle(command: Command, buffers: Buffer[]): void {
  if (command.type === "comm") comms.receive(command, buffers);
  else if (command.type === "run") runner.run(command);
  else if (command.type === "types") answerTypes(command.id, command.names);
  else if (command.type === "members") {
    send({ type: "members", id: command.id, names: evaluator.members(command.path) });
  } else void runner.evaluateExpressions(command.cell, command.expressions);
}

const decoder = new FrameDecoder<Command>();
const pipe = new Socket({ fd: FD.commands, readable: true, writable: false });
pipe.on("data", (chunk: Buffer) => {
  for (const { message, buffers } of decoder.push(chunk)) handle(message, buffers);
});
pipe.on("end", () => process.exit(0));
send({ type: "ready" });
