#!/usr/bin/env node
// `typebook`: makes the kernel known to Jupyter, and takes it back.
import { run } from "../launch/compiled.mjs";

await run("install/main");
