import { readFileSync } from "node:fs";

/** What the client wrote into the connection file. */
export interface Connection {
  transport: "tcp" | "ipc";
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
}

const PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/** @throws Error that names the file and the field which is missing or unsupported */
export function readConnection(path: string): Connection {
  const read = JSON.parse(readFileSync(path, "utf8")) as Connection & { signature_scheme?: string };
  for (const port of PORTS) {
    if (!Number.isInteger(read[port])) throw new Error(`${path}: ${port} is missing or not a number`);
  }
  const scheme = read.signature_scheme ?? "hmac-sha256";
  if (scheme !== "hmac-sha256") throw new Error(`${path}: signature scheme ${scheme} is not supported`);
  return { ...read, key: read.key ?? "" };
}

export function endpoint(connection: Connection, port: (typeof PORTS)[number]): string {
  const { transport, ip } = connection;
  return transport === "ipc" ? `ipc://${ip}-${connection[port]}` : `tcp://${ip}:${connection[port]}`;
}
