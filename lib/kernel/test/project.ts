import { type Row, runRows } from "./cells.ts";
import { KernelClient } from "./client.ts";
import { type Files, folderWith, linkPackages } from "./folder.ts";

/** Somebody's project, and cells in it. */
export interface Project {
  title: string;
  files: Files;
  /** Of the folder, where the notebook lies. */
  notebook?: string;
  /** Folders of packages that npm would link. */
  links?: string[];
  rows: Row[];
}

/** The text of a tsconfig.json. */
export const config = (compilerOptions: object, rest: object = {}) => JSON.stringify({ compilerOptions, ...rest });

/** One test for each project, with a kernel of its own. */
export function describeProjects(subject: string, projects: Project[]): void {
  describe(`kernel: anybody's project: ${subject}`, () => {
    for (const { title, files, notebook = "", links = [], rows } of projects) {
      it(`takes ${title}`, async () => {
        const folder = folderWith({ [`${notebook}/.keep`]: "", ...files });
        linkPackages(folder, links);
        const kernel = await KernelClient.start({ folder: `${folder}/${notebook}` });
        try {
          await runRows(kernel, rows);
        } finally {
          await kernel.stop();
        }
      });
    }
  });
}
