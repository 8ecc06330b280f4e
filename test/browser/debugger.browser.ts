import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { LabPage } from "./lab-server.ts";

const FILE = join(ROOT, "notebooks", "browser-debug-area.ts");

const AREA = `export interface Square {
  side: number;
}

/** The area of a square. */
export function area(square: Square): number {
  const result = square.side ** 2;
  return result;
}
`;

const CELLS = [
  'import { area } from "./browser-debug-area.ts";',
  `const sides = [2, 3];
let total = 0;
for (const side of sides) {
  total += area({ side });
}
total`,
];

/** Where pictures for the documentation go, if anywhere. */
const PICTURES = process.env.BROWSER_PICTURES;

describe("kernel: JupyterLab's debugger in a browser", () => {
  let lab: LabPage;
  let page: Page;

  before(async function () {
    writeFileSync(FILE, AREA);
    lab = await LabPage.open(this, "browser-debug.ipynb", CELLS);
    page = lab.page;
  });

  after(async () => {
    await lab?.close();
    rmSync(FILE, { force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await picture("failed");
  });

  const cell = (index: number): Locator => lab.cell(index);

  async function picture(name: string): Promise<void> {
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  const highlighted = (text: string): Locator => page.locator(".jp-DebuggerEditor-highlight", { hasText: text });
  /** The line of a variable: its name, and its value or type. */
  const variable = (name: string, detail: string): Locator =>
    page
      .locator(".jp-DebuggerVariables-body .jp-TreeItem")
      .filter({ has: page.locator(".jp-DebuggerVariables-name").getByText(name, { exact: true }) })
      .filter({ has: page.locator(".jp-DebuggerVariables-detail").getByText(detail, { exact: true }) });
  const press = (command: string) => page.locator(`#jp-debugger-sidebar [data-command="debugger:${command}"]`).click();

  /** Clicks beside a line, where breakpoints are shown. */
  async function toggleBreakpoint(editor: Locator, text: string): Promise<void> {
    const line = await editor.locator(".cm-line", { hasText: text }).boundingBox();
    const gutter = await editor.locator(".cm-gutter.cm-breakpoint-gutter").boundingBox();
    if (!line || !gutter) throw new Error(`there is no line "${text}"`);
    await page.mouse.click(gutter.x + gutter.width / 2, line.y + line.height / 2);
  }

  it("stops at a breakpoint in a cell, and shows stack and variables", async () => {
    await page.getByText("No", { exact: true }).click();
    await lab.run(0);
    await cell(0).locator(".jp-InputPrompt", { hasText: "[1]:" }).waitFor();
    await page.locator(".jp-DebuggerBugButton").click();
    await variable("area", "function").waitFor();
    await toggleBreakpoint(cell(1), "total +=");
    await page.locator(".jp-DebuggerBreakpoint").waitFor();
    await lab.run(1);
    await highlighted("total += area({ side });").waitFor();
    await variable("side", "2").waitFor();
    await page.locator(".jp-DebuggerCallstackFrame", { hasText: "In [2]" }).waitFor();
    await picture("debugger-cell");
  });

  it("steps into an imported file, takes a breakpoint there, and goes on to it", async () => {
    await press("stepIn");
    await highlighted("const result = square.side ** 2;").waitFor();
    await page.locator(".jp-DebuggerCallstackFrame", { hasText: "area" }).waitFor();
    await variable("result", "undefined").waitFor();
    const source = page.locator(".jp-MainAreaWidget .cm-editor", { hasText: "The area of a square" });
    await toggleBreakpoint(source, "return result;");
    await page.locator(".jp-DebuggerBreakpoint", { hasText: "browser-debug-area.ts" }).waitFor();
    await press("continue");
    await highlighted("return result;").waitFor();
    await variable("result", "4").waitFor();
    await variable("return value", "4").waitFor();
    await picture("debugger-file");
  });

  it("steps over, goes on to the end, and shows the result", async () => {
    await press("stepOut");
    await highlighted("for (const side of sides) {").waitFor();
    await press("continue");
    await highlighted("total += area({ side });").waitFor();
    await variable("side", "3").waitFor();
    await press("continue");
    await highlighted("return result;").waitFor();
    await press("continue");
    await lab.output(1).getByText("13").waitFor();
    await variable("total", "13").waitFor();
  });

  it("interrupts a cell that is paused", async () => {
    await lab.run(1);
    await highlighted("total += area({ side });").waitFor();
    await cell(1).locator(".jp-InputPrompt").click();
    await lab.interrupt();
    await lab.output(1).getByText("KeyboardInterrupt").first().waitFor();
  });

  it("keeps its breakpoints when the kernel is restarted", async () => {
    await lab.restart();
    await lab.run(0);
    await cell(0).locator(".jp-InputPrompt", { hasText: "[1]:" }).waitFor();
    await lab.run(1);
    await highlighted("total += area({ side });").waitFor();
    await picture("debugger-restarted");
    await press("continue");
    await highlighted("return result;").waitFor();
  });
});
