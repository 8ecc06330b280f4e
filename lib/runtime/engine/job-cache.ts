/** What a worker keeps between jobs: values that are costly to make, the latest used ones. */

interface Entry {
  readonly value: Promise<unknown>;
  readonly release?: (value: never) => void;
}

/** Values that are kept: a policy that acts and the one before it, their tokeniser, two rewards. */
const MOST = 6;

export class JobCache {
  private readonly entries = new Map<string, Entry>();

  async keep<T>(key: string, make: () => T | Promise<T>, release?: (value: T) => void): Promise<T> {
    const entry = this.entries.get(key) ?? { value: Promise.resolve().then(make), release };
    this.entries.delete(key);
    this.entries.set(key, entry);
    try {
      await entry.value;
    } catch (error) {
      this.entries.delete(key);
      throw error;
    }
    await this.letGo();
    return entry.value as Promise<T>;
  }

  private async letGo(): Promise<void> {
    for (const [key, { value, release }] of [...this.entries].slice(0, Math.max(0, this.entries.size - MOST))) {
      this.entries.delete(key);
      release?.((await value) as never);
    }
  }
}
