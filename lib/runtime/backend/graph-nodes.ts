/** The nodes of a graph as they are recorded. Equal constants are one node, which spares TensorFlow a third of a training step's. */
import { ATTRIBUTE, type ConstantValue, constant, operation } from "./graph-def.ts";

/** A second recording came to another graph than the first. */
export class NotRepeated extends Error {}

const INT32 = 3;

/** Bytes up to which constants are compared with those there are. */
const SHARED = 1 << 14;

/** Bytes from which a tensor of one number, such as the ones of a sum's gradient, is written as that number. */
const FILLED = 1 << 12;

export class GraphNodes {
  readonly list: Buffer[] = [];
  private readonly constants = new Map<string, string>();
  private readonly earlier?: readonly Buffer[];

  /** @param earlier nodes of a first recording, which must all come again */
  constructor(earlier?: readonly Buffer[]) {
    this.earlier = earlier;
  }

  /** @throws NotRepeated where the first recording had something else */
  push(node: Buffer): void {
    if (this.earlier && !this.earlier[this.list.length]?.equals(node)) throw new NotRepeated();
    this.list.push(node);
  }

  /** @returns the node's name */
  add(...[op, inputs, attributes]: [string, string[], Parameters<typeof operation>[3]]): string {
    const name = `n${this.list.length}`;
    this.push(operation(name, op, inputs, attributes));
    return name;
  }

  /** @returns the name of a node that gives `value` */
  constant(value: ConstantValue): string {
    if (isFilled(value)) return this.filled(value);
    if (value.bytes.length > SHARED) return this.newConstant(value);
    const key = `${value.dtype}[${value.shape}]${Buffer.from(value.bytes).toString("latin1")}`;
    return this.once(key, () => this.newConstant(value));
  }

  private newConstant(value: ConstantValue): string {
    const name = `c${this.list.length}`;
    this.push(constant(name, value));
    return name;
  }

  private filled({ dtype, shape, bytes }: ConstantValue): string {
    const sizes = new Uint8Array(Int32Array.from(shape).buffer);
    const dims = this.constant({ dtype: INT32, shape: [shape.length], bytes: sizes });
    const value = this.constant({ dtype, shape: [], bytes: bytes.slice(0, 4) });
    const types = Object.entries({ T: dtype, index_type: INT32 });
    const attributes = types.map(([name, type]) => ({ name, type: ATTRIBUTE.type, value: type }));
    return this.once(`${dims},${value}`, () => this.add("Fill", [dims, value], attributes));
  }

  private once(key: string, make: () => string): string {
    const known = this.constants.get(key) ?? make();
    this.constants.set(key, known);
    return known;
  }
}

/** Whether a large tensor of 4-byte numbers is the same bits throughout: equal to itself one number further on. */
function isFilled({ shape, bytes }: ConstantValue): boolean {
  if (bytes.length < FILLED || bytes.length !== 4 * shape.reduce((a, b) => a * b, 1)) return false;
  return Buffer.compare(bytes.subarray(4), bytes.subarray(0, -4)) === 0;
}
