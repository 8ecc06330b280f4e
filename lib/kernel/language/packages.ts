import { join } from "node:path";
import type { CellModule } from "./cells.ts";
import { preloaded } from "./nearest-package.ts";
import { readProject } from "./project.ts";
import { Service } from "./service.ts";

/**
 * Reads ahead of time the declarations of the packages that the project names: `"typebook": { "preload": ["a"] }` in its
 * package.json. Some have hundreds of files. The service that is returned holds them: as long as it is kept, a notebook
 * of the same folder and options that imports one of them need not read it again. They are in no notebook's scope until
 * a cell imports them.
 */
export function readPackages(folder: string, root: string): Service | undefined {
  const names = preloaded(folder);
  if (names.length === 0) return undefined;
  const text = names.map((name) => `import ${JSON.stringify(name)};`).join("\n");
  const module: CellModule = {
    ...{ fileName: join(folder, "__cell_packages__.ts"), text, offset: 0, code: text },
    ...{ label: "", exported: [], needs: [], globals: [], guards: [] },
  };
  const service = new Service(folder, readProject(folder, root));
  service.setCells([module]);
  service.program();
  return service;
}
