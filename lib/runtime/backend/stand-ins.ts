/**
 * While a function is recorded only the shapes of its intermediate results matter. A large one is not kept, and where
 * its shape is known beforehand not even computed; a tensor of the same shape stands in for it, so that recording a
 * training step needs a fraction of its time and memory. Indices computed from large tensors by arithmetic may
 * therefore leave their range while recording: pass them in.
 */
import type { Addon, Handle } from "./addon.ts";
import { inferShape } from "./infer-shape.ts";

const FLOAT32 = 1;

export type Result = Pick<Handle, "shape" | "dtype">;

/** Whether the values behind an id of the addon may be those of another tensor. */
export const isStandIn = (id: number): boolean => id < -1;

/** Smaller tensors are kept: integers may be indices, and small results cost nothing. */
const LARGE = 1 << 16;

const sizeOf = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);

export const isLarge = ({ shape, dtype }: Result): boolean => dtype === FLOAT32 && sizeOf(shape) >= LARGE;

export class StandIns {
  /** Of every id that has been seen. */
  private readonly shapes = new Map<number, number[]>();
  /** Shape -> id of the tensor that stands in. */
  private readonly byShape = new Map<string, number>();
  private readonly addon: Addon;
  /** Ids given out are negative; tfjs takes -1 for "no tensor yet" and leaves negative ids undeleted. */
  private next = -2;

  constructor(addon: Addon) {
    this.addon = addon;
  }

  /** Makes the shape of an operand known. */
  see(id: number, shape: number[]): void {
    this.shapes.set(id, shape);
  }

  /** Something of the shape of a large tensor that is not there. */
  give({ shape, dtype }: Result): Handle {
    const id = this.next--;
    this.see(id, shape);
    return { id, shape, dtype };
  }

  /**
   * Executes an operation on operands that may be stand-ins.
   * @param known what it gave in an earlier recording
   */
  execute([op, attributes, inputs, outputs]: Parameters<Addon["executeOp"]>, known?: readonly Result[]): Handle[] {
    const shapes = inputs.map((id) => this.shapes.get(id));
    const results = known ?? inferShape(op, attributes, shapes);
    if (results?.every(isLarge)) return results.map((result) => this.give(result));
    const ids = inputs.map((id, i) => (isStandIn(id) ? this.standIn(shapes[i] as number[]) : id));
    return this.addon.executeOp(op, attributes, ids, outputs).map((handle) => this.replace(handle));
  }

  release(): void {
    for (const id of this.byShape.values()) this.addon.deleteTensor(id);
  }

  private standIn(shape: number[]): number {
    const id = this.byShape.get(shape.join());
    return id ?? this.keep(this.addon.createTensor(shape, FLOAT32, new Float32Array(sizeOf(shape))), shape);
  }

  private keep(id: number, shape: number[]): number {
    this.byShape.set(shape.join(), id);
    return id;
  }

  private replace(handle: Handle): Handle {
    const { id, shape } = handle;
    this.see(id, shape);
    if (!isLarge(handle)) return handle;
    if (this.byShape.has(shape.join())) this.addon.deleteTensor(id);
    else this.keep(id, shape);
    return this.give(handle);
  }
}
