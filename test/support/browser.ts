import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** Debian's Chromium (`apt-get install chromium`), kept from calling home. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Console errors and warnings, and exceptions that nothing caught. */
  readonly complaints: string[];
  readonly origins: Set<string>;
  readonly close: () => Promise<void>;
}

/** A page in a browser profile of its own, with an eye on what it complains about and whom it asks. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
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
