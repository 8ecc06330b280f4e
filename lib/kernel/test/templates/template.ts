import type { Row } from "../cells.ts";
import type { Files } from "../folder.ts";

/** A project as a generator or a starter's page leaves it, and a notebook of five cells in it. */
export interface Template {
  name: string;
  /** Where it is from: `npm create` and its arguments, where it is made by them. */
  create?: { package: string; args: string[] };
  /** Else, or besides, its files. */
  files?: Files;
  /** Packages and their versions, besides those of its package.json. */
  install?: Record<string, string>;
  /** Folders whose packages are linked. */
  links?: string[];
  /** Folder of the notebook. */
  notebook?: string;
  cells: [Row, Row, Row, Row, Row];
}

export const json = (value: object): string => JSON.stringify(value, null, 2);
