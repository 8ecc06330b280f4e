export function findSnapshot(folder: string, cache: string): string | undefined;
export function ensureSnapshot(folder: string, cache: string): string | undefined;
