import type TS from "typescript";
import { ts } from "../transform/typescript.ts";

const parsed = ts.createDocumentRegistry(true);

/**
 * Parsed files, shared by the notebooks of one process. Declarations are parsed alike whatever the options are, so
 * those which were read ahead of time serve every project.
 */
export const registry: TS.DocumentRegistry = {
  ...parsed,
  acquireDocumentWithKey: (fileName, path, settings, key, ...rest) =>
    parsed.acquireDocumentWithKey(fileName, path, settings, keyOf(path, key), ...rest),
  updateDocumentWithKey: (fileName, path, settings, key, ...rest) =>
    parsed.updateDocumentWithKey(fileName, path, settings, keyOf(path, key), ...rest),
  releaseDocumentWithKey: (path: TS.Path, key: TS.DocumentRegistryBucketKey, ...rest: unknown[]) =>
    (parsed.releaseDocumentWithKey as (...values: unknown[]) => void)(path, keyOf(path, key), ...rest),
};

function keyOf(path: string, key: TS.DocumentRegistryBucketKey): TS.DocumentRegistryBucketKey {
  return /\.d\.[cm]?ts$/.test(path) ? ("declarations" as TS.DocumentRegistryBucketKey) : key;
}
