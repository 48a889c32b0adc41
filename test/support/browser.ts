import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, inject } from "vitest";
import { PASSWORD } from "./people.ts";
import { programPath } from "./program.ts";

/** Debian's Chromium without windows (`apt-get install chromium-headless-shell`), kept from calling home. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: programPath("chromium-headless-shell", "chromium-headless-shell"),
    args: [
      "--no-sandbox",
      // How letters are drawn is not left to the settings of the machine.
      "--font-render-hinting=none",
      "--disable-lcd-text",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Chromium for the tests of a file, from before the first until after the last, and the page that was built for this run. */
export function useBrowser(): { readonly browser: Browser; readonly webDir: string } {
  let browser: Browser;
  const webDir = inject("webDir");
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });
  return {
    get browser() {
      return browser;
    },
    webDir,
  };
}

/** Pictures of pages are kept after the run, to be looked at. */
export async function takeScreenshot(page: Page, name: string, fullPage = false): Promise<void> {
  const path = join(import.meta.dirname, "..", "..", "test-results", "screenshots", `${name}.png`);
  await page.screenshot({ path, fullPage });
}

/** Deadlines that say only that something happens: a busy machine takes its time. */
const PATIENCE_MS = 90_000;

export interface WatchedPage {
  readonly page: Page;
  /** Console errors and warnings (violations of the content security policy among them), and exceptions that nothing
   *  caught. */
  readonly complaints: string[];
  readonly origins: Set<string>;
  readonly close: () => Promise<void>;
}

/** Of the page; it has a light and a dark theme in each. */
export const LANGUAGES = ["es-PE", "en"] as const;

export type PageLanguage = (typeof LANGUAGES)[number];

export interface PageOptions extends BrowserContextOptions {
  /** Chosen before the page opens; else it is Spanish. */
  readonly language?: PageLanguage;
}

/** A page in a browser profile of its own, with an eye on what it complains about and whom it asks. */
export async function openPage(
  browser: Browser,
  { language, ...options }: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  if (language !== undefined)
    await context.addInitScript((chosen) => {
      if (localStorage.getItem("puma.language") === null) localStorage.setItem("puma.language", chosen);
    }, language);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  return { page, complaints, origins, close: () => context.close() };
}

/** Fills in the entrance, which the page shows, and sends it. */
export async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.locator("#sign-in-name").fill(name);
  await page.locator("#sign-in-password").fill(password);
  await page.locator(".entrance-form button[type=submit]").click();
}

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Rules of WCAG about colours: all that can be otherwise in another theme. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** What the page does against WCAG 2.2 AA, one line a fault. Of a page that was judged in another theme, `coloursOnly` is
 *  all that there is to judge. */
export async function axeFaults(page: Page, { coloursOnly = false } = {}): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (runOnly) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly,
        resultTypes: ["violations"],
      }),
    coloursOnly ? { type: "rule" as const, values: COLOUR_RULES } : { type: "tag" as const, values: WCAG },
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${String(target)}: ${failureSummary ?? ""}`),
  );
}

export const PAGE_VARIANTS = LANGUAGES.flatMap((language) =>
  (["light", "dark"] as const).map((colorScheme) => ({ language, colorScheme })),
);

/** Opens an address in both languages, waits for `ready`, looks at it in both themes, keeps a picture of each, and gives every
 *  fault against WCAG 2.2 AA and everything that the page complained about. */
export async function faultsInAllVariants(
  browser: Browser,
  url: string,
  ready: string,
  name: string,
): Promise<string[]> {
  const faults: string[] = [];
  for (const language of LANGUAGES) {
    const { page, complaints, close } = await openPage(browser, {
      viewport: { width: 1280, height: 800 },
      language,
    });
    await page.goto(url);
    await page.locator('.page[data-link="live"]').waitFor();
    await page.locator(ready).first().waitFor();
    faults.push(...(await faultsInBothThemes(page, `${name}-${language}`)));
    faults.push(...complaints.map((fault) => `${name}-${language}: ${fault}`));
    await close();
  }
  return faults;
}

/** What the page as it stands does against WCAG 2.2 AA in the light and the dark theme, with a picture of each. */
export async function faultsInBothThemes(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await takeScreenshot(page, `${name}-${colorScheme}`, true);
    const found = await axeFaults(page, { coloursOnly: colorScheme === "dark" });
    faults.push(...found.map((fault) => `${name}-${colorScheme}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: "light" });
  return faults;
}

/** A stretch of network between browser and gateway that can fall silent without closing anything. */
export interface Stretch {
  readonly url: string;
  /** Nothing passes any more, and nobody is told. */
  fallSilent(): void;
  /** The old connections are gone for good; new ones pass. */
  recover(): void;
  close(): void;
}

export async function openStretch(targetPort: number): Promise<Stretch> {
  let isSilent = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(targetPort, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        if (!isSilent) to.write(bytes);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fallSilent() {
      isSilent = true;
    },
    recover() {
      dropAll();
      isSilent = false;
    },
    close() {
      dropAll();
      server.close();
    },
  };
}
