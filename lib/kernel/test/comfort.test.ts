import assert from "node:assert/strict";
import { type Executed, KernelClient } from "./client.ts";

const shown = ({ messages }: Executed, type: string) =>
  messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content);

describe("kernel: shell lines, and other kernels' display calls", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start();
    await kernel.execute("let done = false; const list = [1, 2]; process.env.SHELL = '/bin/sh';");
  });
  after(() => kernel.stop());

  const outputs: Record<string, string> = {
    "!echo hello": "hello\n",
    "!printf '%s' one two": "onetwo",
    "!echo $((1 + 2)) | cat": "3\n",
    "  !echo 'it is'": "it is\n",
    "!echo a \\\n  b": "a b\n",
    "console.log('before');\n!echo between\nconsole.log('after');": "before\nbetween\nafter\n",
    "!true": "",
    "%%bash\nfor i in 1 2; do\n  echo $i\ndone": "1\n2\n",
    "%%sh\necho sh": "sh\n",
  };
  for (const [code, text] of Object.entries(outputs)) {
    it(`runs ${JSON.stringify(code)}`, async () => {
      const run = await kernel.execute(code, { allow_stdin: false });
      assert.equal(run.stdout, text, run.traceback);
    });
  }

  const expressions: Record<string, string> = {
    "!done": "true",
    "!!done": "false",
    "const own = 0;\n!own": "true",
    "!list.includes(3)": "true",
    "!(done && list)": "true",
    "!process.env.NOT_THERE": "true",
    "const text = `\n!echo no\n`; text": "'\\n!echo no\\n'",
    "!await Promise.resolve(1)": "false",
    "done\n!== true": "true",
  };
  for (const [code, result] of Object.entries(expressions)) {
    it(`leaves ${JSON.stringify(code)} to TypeScript`, async () => {
      const run = await kernel.execute(code, { allow_stdin: false });
      assert.equal(run.result, result, run.traceback);
    });
  }

  it("fails a cell whose command fails, keeps what it has printed, and stops one at an interrupt", async () => {
    const failed = await kernel.execute("!echo out; echo err >&2; exit 3");
    assert.deepEqual([failed.stdout, failed.stderr, failed.reply.ename], ["out\n", "err\n", "ShellError"]);
    assert.match(String(failed.reply.evalue), /exit code 3/);
    const id = kernel.start("%%bash\necho go; sleep 60 | cat");
    await kernel.printed(id, "go");
    await kernel.interrupt();
    assert.equal((await kernel.finished(id)).reply.ename, "KeyboardInterrupt");
  });

  it("takes a line for the shell for complete", async () => {
    assert.equal((await kernel.request("is_complete_request", { code: "!npm install zod" })).status, "complete");
  });

  it("shows what tslab's calls show", async () => {
    const run = await kernel.execute(
      "import * as tslab from 'tslab'; tslab.display.html('<b>x</b>'); tslab.display.png(new Uint8Array([137, 80])); const d = tslab.newDisplay(); d.text('1'); d.text('2');",
      { allow_stdin: false },
    );
    assert.deepEqual(
      shown(run, "display_data").map(({ data }) => data),
      [{ "text/html": "<b>x</b>" }, { "image/png": "iVA=" }, { "text/plain": "1" }],
      run.traceback,
    );
    assert.deepEqual(
      shown(run, "update_display_data").map(({ data }) => data),
      [{ "text/plain": "2" }],
    );
  });

  it("shows what Deno's calls show, without pretending to be Deno", async () => {
    const run = await kernel.execute(
      "const { html } = Deno.jupyter; await Deno.jupyter.display({ 'text/plain': 'raw' }, { raw: true }); html`<b>two</b>`",
      { allow_stdin: false },
    );
    assert.deepEqual(shown(run, "display_data")[0]?.data, { "text/plain": "raw" }, run.traceback);
    assert.deepEqual(shown(run, "execute_result")[0].data, { "text/html": "<b>two</b>" });
    const picture = "Deno.jupyter.image(new Uint8Array([255, 216]))";
    assert.deepEqual(shown(await kernel.execute(picture), "execute_result")[0].data, { "image/jpeg": "/9g=" });
    assert.equal((await kernel.execute("'Deno' in globalThis")).result, "false");
  });
});
