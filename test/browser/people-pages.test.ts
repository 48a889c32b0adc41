import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultsInBothThemes, LANGUAGES, openPage, signIn, useBrowser } from "../support/browser.ts";
import type { PageLanguage, WatchedPage } from "../support/browser.ts";
import { serveView } from "../support/http-server.ts";
import { PASSWORD, testPeople, viewWith } from "../support/people.ts";
import type { TestPeople } from "../support/people.ts";
import { shiftedClock } from "../support/shifted-clock.ts";
import { until } from "../support/until.ts";
import type { HttpServer } from "../support/http-server.ts";

const LIVE = '.page[data-link="live"]';
const ADMIN = { name: "tester", address: null };

const clock = shiftedClock();

const built = useBrowser();
let people: TestPeople;
let server: HttpServer;
let watched: WatchedPage;
let page: Page;

beforeEach(async () => {
  clock.aheadMs = 0;
  people = testPeople(clock);
  const view = viewWith(people.people);
  view.set("FT-207", { value: 16.4, sourceTime: Date.now() });
  server = await serveView(view, built.webDir);
  watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 }, language: "en" });
  page = watched.page;
});
afterEach(async () => {
  await watched.close();
  await server.close();
  people.close();
});

async function openAs(name: string, path = "/"): Promise<void> {
  await page.goto(server.url + path);
  await signIn(page, name);
  await page.locator(`${LIVE} h1`).waitFor();
}

/** Everything but that the browser itself says of each answer of 401, 409, 423 and 429. */
function complaints(): string[] {
  return watched.complaints.filter((text) => !/Failed to load resource/.test(text));
}

describe("the entrance", () => {
  it("says how the first account is made, and makes it for whoever has the link, once", async () => {
    await page.goto(server.url);
    await page.getByText("There is no account yet.").waitFor();
    expect(await page.locator("form").count()).toBe(0);
    await page.goto(`${server.url}/login#setup=${people.setUpSecret()}`);
    await page.reload();
    await page.locator("#set-up-name").fill("Rosa");
    await page.locator("#set-up-password").fill("short");
    await page.locator("#set-up-again").fill("short");
    await page.keyboard.press("Enter");
    await page.getByText("It has fewer than 12 characters.").waitFor();
    for (const id of ["#set-up-password", "#set-up-again"]) await page.locator(id).fill("Password2026!");
    await page.keyboard.press("Enter");
    await page.getByText("It is one of those that are tried first").waitFor();
    for (const id of ["#set-up-password", "#set-up-again"]) await page.locator(id).fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(`${LIVE} h1`).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).hash).toBe("/");
    expect(await page.locator(".who").textContent()).toContain("Rosa");
    expect(people.people.administration.accounts()).toMatchObject([{ name: "Rosa", role: "admin" }]);
    expect(complaints()).toEqual([]);
  });

  it("lets somebody in by keyboard alone, to where they wanted to go, and out again", async () => {
    await people.add("rosa", "operator");
    await page.goto(`${server.url}/tags`);
    await page.locator("#sign-in-name").waitFor();
    await until(() => page.evaluate(() => document.activeElement?.id === "sign-in-name"));
    await page.keyboard.type("rosa");
    await page.keyboard.press("Tab");
    await page.keyboard.type("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("The name or the password is wrong.").waitFor();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(`${LIVE} [data-tag="FT-207"]`).waitFor();
    expect(new URL(page.url()).pathname).toBe("/tags");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.locator("#sign-in-name").waitFor();
    expect(await page.locator("[data-tag]").count()).toBe(0);
    await page.reload();
    await page.locator("#sign-in-name").waitFor();
    expect(complaints()).toEqual([]);
  });

  it("tells who tries too often how long to wait", async () => {
    await people.add("rosa", "operator");
    await page.goto(server.url);
    for (let i = 0; i < 7; i++) {
      await signIn(page, "rosa", `wrong ${i}`);
      await until(
        async () =>
          (await page.locator("button[type=submit]").isEnabled()) &&
          (await page.locator(".form-fault").textContent()) !== "",
      );
    }
    expect(await page.locator(".form-fault").textContent()).toMatch(
      /^Too many wrong passwords: wait \d+ s\.$/,
    );
  });
});

describe("a locked page", () => {
  it("keeps data in view, asks for the password when something is done, and does it then", async () => {
    await people.add("boss", "admin");
    await openAs("boss", "/users");
    await page.getByText("Add a program").click();
    clock.aheadMs = 16 * 60_000;
    await page.getByText("Data and alarms stay in view.").waitFor();
    await page.locator("#program-name").fill("historian");
    await page.locator("#program-name").press("Enter");
    await page.locator("#unlock-password").fill("wrong");
    await page.keyboard.press("Enter");
    await page.locator("dialog").getByText("The password is wrong.").waitFor();
    await page.locator("#unlock-password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("code.token").waitFor();
    expect(await page.locator(".lock-banner").count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe("/users");
    expect(people.people.administration.tokens()).toMatchObject([{ name: "historian" }]);
    expect(complaints()).toEqual([]);
  });

  it("is locked by its person too, and does nothing when the password is not given", async () => {
    await people.add("boss", "admin");
    await openAs("boss", "/users");
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    await page.getByText("Data and alarms stay in view.").waitFor();
    await page.getByRole("button", { name: "Suspend boss" }).click();
    await page.locator("#unlock-password").waitFor();
    await page.keyboard.press("Escape");
    await until(async () => (await page.locator("dialog").count()) === 0);
    expect(people.people.administration.accounts()).toMatchObject([{ isDisabled: false }]);
    expect(await page.locator(".lock-banner").count()).toBe(1);
  });

  it("stays open while somebody works at it", async () => {
    await people.add("rosa", "operator");
    await openAs("rosa", "/tags");
    clock.aheadMs = 14 * 60_000;
    const told = page.waitForResponse(/session\/activity/);
    await page.mouse.wheel(0, 10);
    await told;
    clock.aheadMs = 20 * 60_000;
    // A heartbeat that comes after the change would have told of a lock.
    const { activeAt = 0 } = people.people.sessions()[0] ?? {};
    expect(activeAt).toBeGreaterThan(Date.now() + 13 * 60_000);
    expect(people.people.sessions()[0]?.isLocked).toBe(false);
  });
});

describe("what a person may not do", () => {
  it.each(["viewer", "operator", "metallurgist", "engineer"] as const)(
    "a %s sees no way to the users, and is told at their address that they are for admins",
    async (role) => {
      await people.add("somebody", role);
      await openAs("somebody", "/tags");
      expect(await page.locator('.rail a[href="/users"]').count()).toBe(0);
      await page.keyboard.press("u");
      await page.goto(`${server.url}/users`);
      await page.getByText("This page is for admins.").waitFor();
      expect(await page.locator("main button, main form").count()).toBe(0);
      expect(complaints()).toEqual([]);
    },
  );

  it("follows another role within moments, without a reload", async () => {
    await people.add("rosa", "admin");
    await people.add("boss", "admin");
    await openAs("rosa", "/users");
    await page.locator('[data-row="boss"]').waitFor();
    people.people.administration.setRole(ADMIN, "rosa", "viewer");
    await page.getByText("This page is for admins.").waitFor();
    expect(await page.locator('.rail a[href="/users"]').count()).toBe(0);
    expect(await page.locator(".who").textContent()).toContain("viewer");
    people.people.administration.removeAccount(ADMIN, "rosa");
    await page.locator("#sign-in-name").waitFor();
  });
});

describe("the users page", () => {
  beforeEach(async () => {
    await people.add("boss", "admin");
    await people.add("Rosa Quispe", "operator");
    await openAs("boss", "/users");
  });

  it("adds a person, changes the role, suspends and removes, each with a question where it cannot be undone", async () => {
    await page.getByText("Add a person").click();
    await page.locator("#person-name").fill("Juan");
    await page.locator("#person-role").selectOption("metallurgist");
    for (const id of ["#person-password", "#person-again"])
      await page.locator(id).fill("otra lluvia 58 azul");
    await page.locator("#person-again").press("Enter");
    await page.locator('[data-row="Juan"]').waitFor();
    await page.getByLabel("Role of Juan").selectOption("engineer");
    const juan = () => people.people.administration.accounts().find(({ name }) => name === "Juan");
    await until(() => juan()?.role === "engineer");
    await page.getByRole("button", { name: "Suspend Juan" }).click();
    await page.getByRole("button", { name: "Readmit Juan" }).waitFor();
    expect(juan()?.isDisabled).toBe(true);
    await page.getByRole("button", { name: "Remove Juan" }).click();
    await page.locator("dialog .primary").click();
    await until(() => juan() === undefined);
    expect(complaints()).toEqual([]);
  });

  it("says why the only admin cannot be removed", async () => {
    await page.getByRole("button", { name: "Suspend boss" }).click();
    await page.getByText("This is the only admin").waitFor();
  });

  it("ends somebody's session, whose page then shows the entrance", async () => {
    const other = await openPage(built.browser, { language: "en" });
    await other.page.goto(server.url);
    await signIn(other.page, "Rosa Quispe");
    await other.page.locator(`${LIVE} h1`).waitFor();
    await page.getByRole("button", { name: /End the session of Rosa Quispe/ }).click();
    await other.page.locator("#sign-in-name").waitFor();
    await other.close();
  });

  it("shows a token once", async () => {
    await page.getByText("Add a program").click();
    await page.locator("#program-name").fill("historian");
    await page.locator("#program-name").press("Enter");
    const token = await page.locator("code.token").textContent();
    expect(token).toMatch(/^Authorization: Bearer puma_[\w-]{43}$/);
    await page.reload();
    await page.locator('[data-row="historian"]').waitFor();
    expect(await page.content()).not.toContain("Bearer puma_");
  });

  it("lets everybody change their own password, and theirs alone", async () => {
    await page.locator(".who a").click();
    await page.locator("#present-password").fill(PASSWORD);
    for (const id of ["#changed-password", "#changed-again"])
      await page.locator(id).fill("otra lluvia 58 azul");
    await page.locator("#changed-again").press("Enter");
    await page.getByText("The password has been changed.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await signIn(page, "boss", "otra lluvia 58 azul");
    await page.locator(`${LIVE} h1`).waitFor();
  });
});

it("every page about people holds to WCAG 2.2 AA in both themes and both languages", async () => {
  const faults: string[] = [];
  const setUp = `/login#setup=${people.setUpSecret()}`;
  const look = async (name: string, to: Page): Promise<void> => {
    await to.evaluate(() => scrollTo(0, 0)); // what is scrolled below the header counts as covered
    faults.push(...(await faultsInBothThemes(to, name)));
  };
  const enter = async (language: PageLanguage, path: string, ready: string): Promise<WatchedPage> => {
    const opened = await openPage(built.browser, { viewport: { width: 1280, height: 800 }, language });
    await opened.page.goto(server.url + path);
    await opened.page.locator(ready).waitFor();
    return opened;
  };
  for (const language of LANGUAGES) {
    const opened = await enter(language, setUp, "#set-up-name");
    await look(`set-up-${language}`, opened.page);
    await opened.close();
  }
  await people.add("boss", "admin");
  await people.add("Rosa Quispe", "operator");
  people.people.administration.addToken(ADMIN, "historian", "viewer");
  for (const language of LANGUAGES) {
    const opened = await enter(language, "/users", "#sign-in-name");
    await look(`sign-in-${language}`, opened.page);
    await signIn(opened.page, "boss");
    await opened.page.locator('[data-row="historian"]').waitFor();
    for (const summary of await opened.page.locator("summary").all()) await summary.click();
    await look(`users-${language}`, opened.page);
    await opened.page.goto(`${server.url}/login`);
    await opened.page.locator("#present-password").waitFor();
    await look(`account-${language}`, opened.page);
    await opened.page.locator(".who .chip").first().click();
    await opened.page.locator(".lock-banner .chip").click();
    await opened.page.locator("#unlock-password").waitFor();
    await look(`locked-${language}`, opened.page);
    await opened.close();
  }
  expect(faults).toEqual([]);
});
