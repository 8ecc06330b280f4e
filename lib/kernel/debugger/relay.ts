import { Session } from "node:inspector";
import { Socket } from "node:net";
import { FD } from "../protocol/executor.ts";
import { encodeFrame, FrameDecoder } from "../protocol/pipe.ts";
import { type InspectorCommand, type InspectorMessage, RELAY } from "./protocol.ts";

/**
 * Loaded by the executor's control thread when somebody debugs: passes messages between the front process and V8's
 * inspector of the main thread. No port is opened; only the front process holds the other end of the pipe.
 */
const pipe = new Socket({ fd: FD.debug, readable: true, writable: true });
let session: Session | undefined;

function send(message: InspectorMessage): void {
  pipe.write(encodeFrame(message));
}

function connect(): void {
  const opened = new Session();
  opened.connectToMainThread();
  opened.on("inspectorNotification", ({ method, params }: { method: string; params: object }) => {
    // Node would keep an ending process until the debugger has gone.
    if (method === "NodeRuntime.waitingForDisconnect") opened.disconnect();
    else send({ method, params });
  });
  opened.post("NodeRuntime.notifyWhenWaitingForDisconnect", { enabled: true });
  session = opened;
}

function handle({ id, method, params }: InspectorCommand): void {
  if (method === RELAY.connect) {
    connect();
    send({ id, result: {} });
  } else if (method === RELAY.disconnect) {
    session?.disconnect();
    session = undefined;
    send({ id, result: {} });
  } else if (session) {
    session.post(method, params, (error: Error | null, result: object | undefined) =>
      send(error ? { id, error: error.message } : { id, result: result ?? {} }),
    );
  } else {
    send({ id, error: "the debugger is not connected" });
  }
}

const decoder = new FrameDecoder<InspectorCommand>();
pipe.on("data", (chunk: Buffer) => {
  for (const { message } of decoder.push(chunk)) handle(message);
});
