/** Whether a download host answers. */
const PROBE_SECONDS = 4;

/** Asks for headers only and waits seconds at most: a firewall may drop packets without a word. */
export async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PROBE_SECONDS * 1000) });
    return true;
  } catch {
    return false; // Unreachable, refused or silent: all mean that the download is not to be had.
  }
}
