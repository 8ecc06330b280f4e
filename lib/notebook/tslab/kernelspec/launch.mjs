// What the kernelspec starts: TypeScript sources load through tsx, also those that cells import.
import { register } from "tsx/esm/api";

register();
await import("../launch.ts");
