export function userCache(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string;
export function distrust(folder: string): string | undefined;
export function lasts(cache: string): boolean;
export function cacheFolder(preferred?: string[]): string;
