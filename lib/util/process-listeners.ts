/** Some WebAssembly loaders install process-wide handlers that end the program at any rejection; not their business. */

const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/** Runs `load` and removes the handlers of uncaught errors that it left on the process. */
export async function withoutProcessListeners<T>(load: () => Promise<T>): Promise<T> {
  const listeners = (event: string) => process.listeners(event as "uncaughtException");
  const before = EVENTS.map(listeners);
  const result = await load();
  for (const [i, event] of EVENTS.entries()) {
    const added = listeners(event).filter((listener) => !before[i].includes(listener));
    for (const listener of added) process.removeListener(event, listener);
  }
  return result;
}
