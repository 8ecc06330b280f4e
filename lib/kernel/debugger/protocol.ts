/** What the debugger in the front process and its relay in the executor say to each other. */
export interface InspectorCommand {
  id: number;
  /** A method of V8's inspector, or one of the relay's own. */
  method: string;
  params?: object;
}

export type InspectorMessage =
  | { id: number; result: object }
  | { id: number; error: string }
  | { method: string; params: object };

export const RELAY = { connect: "Relay.connect", disconnect: "Relay.disconnect" } as const;
