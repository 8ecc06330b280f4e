/** Jupyter messaging 5.4, https://jupyter-client.readthedocs.io/en/stable/messaging.html#general-message-format */

export const PROTOCOL_VERSION = "5.4";

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  msg_type: string;
  version: string;
  /** The subshell a request is meant for; absent or null for the main shell. */
  subshell_id?: string | null;
}

export type Json = Record<string, unknown>;

export interface Message {
  /** Routing prefix of the peer; empty for published messages, whose prefix is a topic. */
  identities: Buffer[];
  header: Header;
  parent: Header | Record<string, never>;
  metadata: Json;
  content: Json;
  buffers: Buffer[];
}
