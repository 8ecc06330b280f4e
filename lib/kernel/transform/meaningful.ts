/** Options of tsconfig.json that change what code does when it runs. */
export const MEANINGFUL = [
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "reactNamespace",
  "useDefineForClassFields",
] as const;

/** `compilerOptions` as written in tsconfig.json -> those of them that matter to running it. */
export function meaningfulKeys(written: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries([...MEANINGFUL, "target"].flatMap((key) => (key in written ? [[key, written[key]]] : [])));
}
