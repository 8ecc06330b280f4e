import { readConnection } from "../wire/connection.ts";
import { Sockets } from "../wire/sockets.ts";
import { Kernel } from "./kernel.ts";
import { watchParent } from "./parent.ts";

/** The kernel's front process: speaks Jupyter's protocol, never runs user code, and so always answers. */
const connection = readConnection(process.argv[2] ?? "");
const sockets = new Sockets(connection.key);
await sockets.bind(connection);

let ending = false;
async function shutDown(): Promise<void> {
  if (ending) return;
  ending = true;
  kernel.close();
  await sockets.flush();
  // Leaves libzmq its linger time to deliver what it holds.
  sockets.close();
  setTimeout(() => process.exit(0), 100);
}

const kernel = new Kernel(sockets, () => void shutDown());
process.on("SIGINT", () => kernel.interrupt());
process.on("SIGTERM", () => void shutDown());
watchParent(() => void shutDown());
void sockets.subscriptions((topic) => kernel.welcome(topic));
void sockets.listen("shell", (message) => kernel.receive("shell", message));
void sockets.listen("control", (message) => kernel.receive("control", message));
void sockets.listen("stdin", (message) => kernel.receiveInput(message));
