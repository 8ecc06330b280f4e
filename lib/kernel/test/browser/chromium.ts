import { existsSync } from "node:fs";
import type { Context } from "mocha";

const CHROMIUMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** CHROMIUM_BIN, or a browser of the system. */
function findChromium(): string | undefined {
  return [process.env.CHROMIUM_BIN ?? "", ...CHROMIUMS].find((path) => path !== "" && existsSync(path));
}

/** The browser to drive JupyterLab with; tests are left out where there is none, or no JupyterLab. */
export function needBrowser(test: Context, jupyter: string): string {
  const browser = findChromium();
  if (browser && existsSync(jupyter)) return browser;
  const [missing, mend] = browser
    ? ["JupyterLab", `${jupyter} is not there: npm run setup makes it`]
    : ["browser", "install Chromium, or name one in CHROMIUM_BIN"];
  console.log(`no ${missing}, left out: ${test.test?.parent?.fullTitle()} (${mend})`);
  return test.skip();
}
