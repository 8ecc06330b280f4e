/**
 * While a function is recorded only the shapes of its intermediate results matter. Each large one is freed at once and
 * a tensor of the same shape stands in for it, so that recording a training step needs a fraction of its memory.
 * Indices computed from large tensors by arithmetic may therefore leave their range while recording: pass them in.
 */
import type { Addon, Handle } from "./addon.ts";

const FLOAT32 = 1;

/** Whether the values behind an id of the addon may be those of another tensor. */
export const isStandIn = (id: number): boolean => id < -1;

/** Smaller tensors are kept: integers may be indices, and small results cost nothing. */
const LARGE = 1 << 16;

export class StandIns {
  /** Id given out -> id of the tensor that stands in. */
  private readonly given = new Map<number, number>();
  private readonly byShape = new Map<string, number>();
  private readonly addon: Addon;
  /** Ids given out are negative; tfjs takes -1 for "no tensor yet" and leaves negative ids undeleted. */
  private next = -2;

  constructor(addon: Addon) {
    this.addon = addon;
  }

  /** Executes an operation on operands that may be stand-ins. */
  execute(...[op, attributes, inputs, outputs]: Parameters<Addon["executeOp"]>): Handle[] {
    const ids = inputs.map((id) => this.given.get(id) ?? id);
    return this.addon.executeOp(op, attributes, ids, outputs).map((handle) => this.replace(handle));
  }

  release(): void {
    for (const id of this.byShape.values()) this.addon.deleteTensor(id);
  }

  private replace(handle: Handle): Handle {
    const { id, shape, dtype } = handle;
    if (dtype !== FLOAT32 || shape.reduce((a, b) => a * b, 1) < LARGE) return handle;
    const key = shape.join();
    const standIn = this.byShape.get(key);
    if (standIn === undefined) this.byShape.set(key, id);
    else this.addon.deleteTensor(id);
    this.given.set(this.next, standIn ?? id);
    return { id: this.next--, shape, dtype };
  }
}
