/** The names of scripts in the executor, by which tracebacks and the debugger know what they are. */

const CELL = /^typebook-cell-(\d+)$/;
const VERSION = /^(file:.*)\?v=[0-9a-f]+-([0-9a-f]+)$/;

export function cellUrl(cell: number): string {
  return `typebook-cell-${cell}`;
}

export function cellOf(url: string): number | undefined {
  const match = CELL.exec(url);
  return match ? Number(match[1]) : undefined;
}

/** A project file in one of its versions: where it is, and the hash under which its prepared text is kept. */
export function moduleOf(url: string): { file: string; hash: string } | undefined {
  const match = VERSION.exec(url);
  return match ? { file: match[1], hash: match[2] } : undefined;
}
