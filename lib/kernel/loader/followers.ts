type Setter = (value: unknown) => void;

/** An export that a cell wants, the name it gets there, and how to set it. */
export type Wanted = [exported: string, local: string, set: Setter];

interface Follower {
  namespace: Record<string, unknown>;
  exported: string;
  value: unknown;
  set: Setter;
}

/** Cells hold imported names in variables of their own; those of exports that change are changed with them. */
export class Followers {
  readonly #followers = new Map<string, Follower>();

  follow(namespace: Record<string, unknown>, wanted: Wanted[]): void {
    for (const [exported, local, set] of wanted) {
      if (isVariable(namespace, exported)) {
        this.#followers.set(local, { namespace, exported, value: namespace[exported], set });
      } else this.#followers.delete(local);
    }
  }

  /** A cell is about to declare these names as its own. */
  drop(names: readonly string[]): void {
    for (const name of names) this.#followers.delete(name);
  }

  /** Called whenever an exported variable was set. */
  readonly changed = (): void => {
    for (const follower of this.#followers.values()) {
      const value = follower.namespace[follower.exported];
      if (Object.is(value, follower.value)) continue;
      follower.value = value;
      follower.set(value);
    }
  };
}

function isVariable(namespace: object, name: string): boolean {
  return Object.getOwnPropertyDescriptor(namespace, name)?.get !== undefined;
}
