import { currentCell, send } from "./channel.ts";

const waiting = new Map<number, (types: string[]) => void>();
let asked = 0;

/** Asks which of the names that a module lacks are types, of which nothing is left at run time. */
export function typesAmong(specifier: string, names: string[]): Promise<string[]> {
  asked += 1;
  const id = asked;
  const answer = new Promise<string[]>((resolve) => waiting.set(id, resolve));
  send({ type: "missing", cell: currentCell(), id, specifier, names });
  return answer;
}

export function answerTypes(id: number, types: string[]): void {
  waiting.get(id)?.(types);
  waiting.delete(id);
}
