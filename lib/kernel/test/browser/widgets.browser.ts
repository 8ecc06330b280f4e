import assert from "node:assert/strict";
import { NotebookPage } from "./jupyterlab.ts";

const CELLS = [
  "const slider = Jupyter.slider({ min: 0, max: 10, step: 1, description: 'guidance' }); slider",
  // The page sends a moved slider's last value only when it has heard that the one before has arrived.
  "let wanted = 3; while (slider.value !== wanted) await new Promise((r) => setTimeout(r, 20)); ['guidance', slider.value]",
  `const keyboard = Jupyter.keyboard({ keys: ["w", "a", "s", "d"], caption: "steer with w a s d" });
const steps: string[] = [];
keyboard.onKey(({ type, key }) => {
  steps.push(type + " " + key);
  keyboard.caption = keyboard.pressed.join(" ") || "no key";
});
const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="#6aa84f" d="M0 9L8 3L16 9z"/></svg>';
keyboard.show(new TextEncoder().encode(svg), "image/svg+xml");
keyboard`,
  "steps.join(', ')",
  `const counter = Jupyter.widget({
  esm: \`export default { render({ model, el }) {
    const button = document.createElement("button");
    const show = () => { button.textContent = "count " + model.get("count"); };
    button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
    model.on("change:count", show);
    show();
    el.append(button);
  } }\`,
  state: { count: 0 },
});
counter`,
  "counter.state.count += 10; counter.state.count",
];

describe("kernel in JupyterLab: widgets", function () {
  this.timeout(300_000);
  let lab: NotebookPage;

  before(async function () {
    lab = await NotebookPage.open(this, CELLS);
  });
  after(() => lab?.close());

  it("a slider's value is what a later cell sees, also of a page that was loaded anew", async () => {
    const handle = lab.output(0).locator("input[type=range]");
    await lab.run(0);
    await handle.focus();
    for (let step = 0; step < 3; step++) await lab.page.keyboard.press("ArrowRight");
    await lab.run(1);
    await lab.says(1, "[ 'guidance', 3 ]");
    await lab.saveAndReload();
    assert.equal(await handle.inputValue(), "3");
    await lab.screenshot("slider-after-reload");
    await handle.focus();
    await lab.page.keyboard.press("ArrowRight");
    await lab.type(
      1,
      "wanted = 4; while (slider.value !== wanted) await new Promise((r) => setTimeout(r, 20)); 'moved on'",
    );
    await lab.run(1);
    await lab.says(1, "'moved on'");
  });

  it("a view takes the keys that it wants, and JupyterLab's commands do not run", async () => {
    await lab.run(2);
    const area = lab.output(2).locator("[role=application]");
    await area.click();
    const before = await lab.page.locator(".jp-Notebook .jp-Cell").count();
    await lab.page.keyboard.down("w");
    await lab.page.keyboard.down("a");
    await area.getByText("w a").waitFor();
    const width = await area
      .locator("img")
      .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    assert.ok(width > 0, "the picture is not drawn");
    await lab.screenshot("keyboard", lab.cell(2));
    await lab.page.keyboard.up("a");
    await lab.page.keyboard.up("w");
    await lab.page.keyboard.press("d");
    await lab.page.keyboard.press("d");
    await area.getByText("no key").waitFor();
    assert.equal(await lab.page.locator(".jp-Notebook .jp-Cell").count(), before);
    await lab.run(3);
    await lab.says(3, "down w, down a, up a, up w, down d, up d, down d, up d");
  });

  it("a widget of one's own counts clicks here and there", async () => {
    await lab.run(4);
    const button = lab.output(4).locator("button");
    await button.click();
    await button.getByText("count 1").waitFor();
    await lab.run(5);
    await lab.says(5, "11");
    await lab.output(4).getByText("count 11").waitFor();
  });
});
