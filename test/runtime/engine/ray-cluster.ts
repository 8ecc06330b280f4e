/** Starts a Ray cluster of several nodes on this machine (cluster.py), for tests and measurements. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { ensureExtra, RAY } from "../../../lib/runtime/setup/extras.ts";
import { pythonProgram } from "../../../lib/runtime/setup/python.ts";

export class TestCluster {
  /** `host:port` of the cluster, and of its Ray client server. */
  readonly address: string;
  readonly client: string;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<void>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, address: string, port: string) {
    this.child = child;
    this.lines = lines;
    this.ended = new Promise((resolve) => child.on("close", () => resolve()));
    this.address = address;
    this.client = `ray://127.0.0.1:${port}`;
  }

  static async start(): Promise<TestCluster> {
    await ensureExtra(RAY);
    const child = spawn(pythonProgram("python"), ["test/runtime/engine/cluster.py"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout as Readable })[Symbol.asyncIterator]();
    const [address, port] = String((await lines.next()).value).split(" ");
    return new TestCluster(child, lines, address, port);
  }

  /** @returns the node's number */
  addNode = async (cpus: number): Promise<number> => Number(await this.ask(`add ${cpus}`));

  /** At once, with everything on it. */
  killNode = (node: number): Promise<string> => this.ask(`kill ${node}`);

  /** May be asked for more than once. */
  end(): Promise<void> {
    this.child.stdin?.end();
    return this.ended;
  }

  private async ask(line: string): Promise<string> {
    this.child.stdin?.write(`${line}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the cluster ended at "${line}"`);
    return value;
  }
}
