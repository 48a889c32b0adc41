import { expect, it } from "vitest";
import { openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import { EMPTY_HISTORY } from "../support/history.ts";
import { memoryView, outputHealthOf } from "../support/http-view.ts";
import { serveView } from "../support/http-server.ts";
import { plantTags } from "../support/plant-tags.ts";

const tags = plantTags().map(({ tag }) => tag);
const built = useBrowser();

it.each([
  [
    "es-PE",
    "ES",
    "light",
    "La salida mqtt viaja sin cifrar hacia broker.plant.example:1883",
    "Cualquiera en el camino",
    ["Esta página viaja sin cifrar", "El bróker MQTT del gateway no cifra"],
  ],
  [
    "en",
    "EN",
    "dark",
    "Output mqtt is not encrypted to broker.plant.example:1883",
    "Anybody on the way",
    ["This page is not encrypted", "MQTT broker does not encrypt"],
  ],
] as const)(
  "the page says in %s, for as long as it is so, what travels unencrypted to other machines",
  async (language, button, colorScheme, sentence, hint, listeners) => {
    const view = memoryView(tags, { title: "Planta modular Puma" });
    view.history = EMPTY_HISTORY;
    view.health.outputs = [
      outputHealthOf("mqtt", { plaintext: ["broker.plant.example:1883"] }),
      outputHealthOf("influx"),
    ];
    const server = await serveView(view, built.webDir);
    const viewport = { width: 1280, height: 800 };
    const { page, complaints, close } = await openPage(built.browser, { colorScheme, viewport });
    await page.goto(server.url);
    const banner = page.locator(".banner.caution");
    await banner.waitFor();
    await page.getByRole("button", { name: button, exact: true }).click();
    const text = await banner.innerText();
    expect(text).toContain(sentence);
    expect(text).toContain(hint);
    expect(text).not.toContain("influx");
    await takeScreenshot(page, `plaintext-${language}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
    view.health.outputs = [outputHealthOf("mqtt"), outputHealthOf("influx")];
    await banner.waitFor({ state: "detached" });
    view.plaintext = ["page", "broker"];
    await page.reload();
    await banner.waitFor();
    for (const listener of listeners) expect(await banner.innerText()).toContain(listener);
    await takeScreenshot(page, `plaintext-listeners-${language}`);
    expect(complaints).toEqual([]);
    await close();
    await server.close();
  },
);
