import assert from "node:assert/strict";
import { NotebookPage } from "./jupyterlab.ts";

const CELLS = [
  `interface Cat { name: string; lives: number }
/** How a cat is greeted. */
function greet(cat: Cat): string {
  return \`hello \${cat.name}\`;
}
const tom: Cat = { name: "Tom", lives: 9 };`,
  "greet(tom)",
  "function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2); }\nconsole.log('started'); fib(60)",
  "tom.lives",
  "const answer = prompt('What is your name?');\n['you are', answer]",
];

describe("kernel in JupyterLab: a notebook", function () {
  this.timeout(300_000);
  let lab: NotebookPage;

  before(async function () {
    lab = await NotebookPage.open(this, CELLS);
  });
  after(() => lab?.close());

  it("colours TypeScript as TypeScript", async () => {
    await lab.run(0);
    const tokens = lab.cell(0).locator(".cm-line span");
    // JavaScript's grammar knows no interface, and takes its types for plain names.
    await tokens
      .filter({ hasText: /^interface$/ })
      .first()
      .waitFor();
    await tokens.filter({ hasText: /^Cat$/ }).first().waitFor();
    const colour = (text: RegExp) =>
      tokens
        .filter({ hasText: text })
        .first()
        .evaluate((element) => {
          const { getComputedStyle: styleOf } = globalThis as unknown as {
            getComputedStyle(e: unknown): { color: string };
          };
          return styleOf(element).color;
        });
    assert.notEqual(await colour(/^interface$/), await colour(/^Cat$/));
    await lab.screenshot("highlighting", lab.cell(0));
  });

  it("shows what a name is, with its documentation", async () => {
    await lab.run(1);
    await lab.says(1, "'hello Tom'");
    await lab.type(1, "greet(tom)");
    for (let i = 0; i < 7; i++) await lab.page.keyboard.press("ArrowLeft");
    await lab.page.keyboard.press("Shift+Tab");
    const tooltip = lab.page.locator(".jp-Tooltip");
    await tooltip.getByText("How a cat is greeted.").waitFor();
    assert.match(await tooltip.innerText(), /greet\(cat: Cat\): string/);
    await lab.screenshot("tooltip");
    await lab.page.keyboard.press("Escape");
  });

  it("completes members of an earlier cell's variable", async () => {
    await lab.type(3, "tom.");
    const offered = lab.page.locator(".jp-Completer").getByText("lives").first();
    // JupyterLab gives up on completions after a second, which a busy machine may need.
    for (let tries = 0; tries < 5 && !(await offered.isVisible()); tries++) {
      await lab.page.keyboard.press("Tab");
      await offered.waitFor({ timeout: 5000 }).catch(() => {});
    }
    assert.ok(await offered.isVisible());
    await lab.screenshot("completion");
    await lab.page.keyboard.press("Escape");
  });

  it("interrupts fib(60), and keeps the notebook's variables", async () => {
    await lab.run(2);
    await lab.says(2, "started");
    await lab.interrupt();
    await lab.says(2, "KeyboardInterrupt");
    await lab.type(3, "tom.lives");
    await lab.run(3);
    await lab.says(3, "9");
    await lab.screenshot("interrupt");
  });

  it("asks for input in a box below the cell", async () => {
    await lab.run(4);
    const box = lab.cell(4).locator(".jp-Stdin-input");
    await box.fill("Ada");
    await lab.screenshot("input", lab.cell(4));
    await box.press("Enter");
    await lab.says(4, "[ 'you are', 'Ada' ]");
  });
});
