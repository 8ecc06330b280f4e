export function ensureSnapshot(folder: string, cache: string): string | undefined;
