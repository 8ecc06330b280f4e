import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { LabPage } from "./lab-server.ts";

/** What a notebook of the laboratory is made of, and nothing that takes long. */
const SMALL = join(import.meta.dirname, "small.ipynb");

const CELLS = [
  `import { lineChart, plot, video } from "../lib/display/index.ts";
const frames = new Uint8Array(16 * 96 * 160 * 3).map((_, i) => (i * 7) % 251);
video({ frames, width: 160, height: 96, fps: 8 })`,
  'plot(lineChart({ series: [{ name: "a", x: [1, 2, 3], y: [1, 4, 9] }] }))',
  'console.log("looping"); while (true) {}',
  "const laboratory = 42; laboratory",
  "typeof laboratory",
  `import { sheet, table, track } from "../lib/display/index.ts";
const clip = { frames: new Uint8Array(8 * 48 * 80 * 3).map((_, i) => (i * 7) % 251), width: 80, height: 48, fps: 8 };
sheet([clip, clip], { labels: ["true", "made"], frames: 4 })`,
  'table([{ model: "base", accuracy: 29.6 }], { headings: { accuracy: "exact %" }, caption: "Obedience" })',
  'for (const _ of track("steps", [1, 2, 3])) await new Promise((r) => setTimeout(r, 50));',
  `const bar = Jupyter.progress(4, "clips");
for (let clips = 1; clips <= 2; clips++) bar.set(clips);
await new Promise(() => {});`,
];

/** Pixels of the contact sheet of cell 5 at least. */
const SHEET = { width: 4 * 80, height: 2 * 48 };

describe("kernel: JupyterLab in a browser", () => {
  let lab: LabPage;
  let page: Page;

  before(async function () {
    lab = await LabPage.open(this, "browser-test.ipynb", CELLS);
    page = lab.page;
  });
  after(() => lab?.close());

  const cell = (index: number): Locator => lab.cell(index);
  const output = (index: number): Locator => lab.output(index);

  async function assertPlays(player: Locator): Promise<void> {
    await player.waitFor();
    const time = await player.evaluate(async (element) => {
      const media = element as unknown as { play(): Promise<void>; currentTime: number };
      await media.play();
      await new Promise((r) => setTimeout(r, 700));
      return media.currentTime;
    });
    assert.ok(time > 0, "the video stands still");
  }

  /** JupyterLab's renderer shows the picture until the pointer comes, and then the graph. */
  async function wake(plot: Locator): Promise<Locator> {
    const picture = plot.locator("img.plot-img").first();
    await picture.waitFor({ state: "attached" });
    await picture.scrollIntoViewIfNeeded();
    await picture.dispatchEvent("mouseenter");
    const area = plot.locator(".nsewdrag").first();
    await area.waitFor();
    return area;
  }

  /** Moves the pointer along a plot until it says what is under it. */
  async function assertResponds(plot: Locator): Promise<void> {
    const area = await (await wake(plot)).boundingBox();
    assert.ok(area);
    const label = plot.locator(".hoverlayer .hovertext").first();
    for (let part = 1; part < 10 && !(await label.isVisible()); part++) {
      await page.mouse.move(area.x + (area.width * part) / 10, area.y + area.height * 0.6, { steps: 5 });
      await label.waitFor({ timeout: 2000 }).catch(() => {});
    }
    assert.ok(await label.isVisible(), "nothing appears under the pointer");
  }

  it("shows a video that plays", async () => {
    await lab.run(0);
    await assertPlays(output(0).locator("video"));
  });

  it("shows a plot that responds to the pointer", async () => {
    await lab.run(1);
    await assertResponds(output(1));
  });

  it("shows a contact sheet with its pixels", async () => {
    await lab.run(5);
    const picture = output(5).locator("img[src^='data:image/png']");
    await picture.waitFor();
    const size = await picture.evaluate(async (element) => {
      const image = element as unknown as { decode(): Promise<void>; naturalWidth: number; naturalHeight: number };
      await image.decode();
      return { width: image.naturalWidth, height: image.naturalHeight };
    });
    assert.ok(size.width >= SHEET.width && size.height >= SHEET.height, JSON.stringify(size));
  });

  it("shows a table with headings, numbers and caption", async () => {
    await lab.run(6);
    const drawn = output(6).locator("table");
    await drawn.waitFor();
    assert.deepEqual(await drawn.locator("th").allInnerTexts(), ["model", "exact %"]);
    assert.deepEqual(await drawn.locator("td").allInnerTexts(), ["base", "29.6"]);
    assert.equal(await drawn.locator("td").last().getAttribute("align"), "right");
    assert.equal(await drawn.locator("caption").innerText(), "Obedience");
  });

  it("shows one progress line that ends complete", async () => {
    await lab.run(7);
    await output(7).getByText("3/3").waitFor();
    assert.equal(await output(7).count(), 1);
  });

  it("shows a progress bar that says where an interrupt stopped it", async () => {
    await lab.run(8);
    const bar = output(8).locator("progress").first();
    await bar.waitFor();
    assert.equal(await bar.getAttribute("max"), "4");
    await lab.interrupt();
    await output(8).getByText("2/4 (interrupted) clips").waitFor();
    assert.equal(await bar.getAttribute("value"), "2");
  });

  it("interrupts a loop, and the state survives", async () => {
    await lab.run(3);
    await output(3).getByText("42").waitFor();
    await lab.run(2);
    await output(2).getByText("looping").waitFor();
    await lab.interrupt();
    await output(2).getByText("KeyboardInterrupt").first().waitFor();
    await lab.run(4);
    await output(4).getByText("'number'").waitFor();
  });

  it("completes the name of an earlier cell's variable", async () => {
    await cell(4).locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("labora");
    // JupyterLab gives up on completions after a second, which a busy machine may need.
    const offered = page.locator(".jp-Completer").getByText("laboratory").first();
    for (let tries = 0; tries < 5 && !(await offered.isVisible()); tries++) {
      await page.keyboard.press("Tab");
      await offered.waitFor({ timeout: 5000 }).catch(() => {});
    }
    assert.ok(await offered.isVisible());
    await page.keyboard.press("Escape");
  });

  it("restarts the kernel, whose variables are gone then", async () => {
    await cell(4).locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("typeof laboratory");
    await lab.restart();
    await lab.run(4);
    await output(4).getByText("'undefined'").waitFor();
  });

  it("runs a notebook from top to bottom: its video plays, its plot responds", async () => {
    copyFileSync(SMALL, lab.path);
    await lab.load();
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
    const last = page.locator(".jp-Notebook .jp-CodeCell").last().locator(".jp-InputPrompt");
    await last.filter({ hasText: /\d/ }).waitFor();
    assert.equal(await page.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0);
    await assertPlays(page.locator(".jp-Notebook video").first());
    await assertResponds(
      page.locator(".jp-Notebook .jp-OutputArea-output", { has: page.locator("img.plot-img") }).first(),
    );
  });
});
