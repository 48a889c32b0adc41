import { shellWords } from "../i18n/shell.ts";
import { words } from "../preferences.ts";
import { entrance } from "../session.ts";
import { link, plant } from "../store.ts";
import { Banner, ClockBanner, PlaintextBanner } from "./banner.tsx";
import { Entrance } from "./entrance.tsx";
import { Header } from "./header.tsx";
import { KeysHelp } from "./keys.tsx";
import { Navigation } from "./navigation.tsx";
import { PageSlot } from "./page-slot.tsx";
import { LockBanner, UnlockDialog } from "./who.tsx";

function Footer() {
  const { version, apiDocs, noAccounts } = words.value;
  const about = plant.value;
  if (about === null) return null;
  return (
    <footer class="quiet">
      {about.auth === "none" && <span>{noAccounts}</span>}
      <a href="/api/docs">{apiDocs}</a>
      <span>{version(about.version)}</span>
    </footer>
  );
}

/** What stands around every page. Everything below `data-link="lost"` is shown as old. */
export function Shell() {
  if (entrance.value !== null) return <Entrance />;
  return (
    <div class="page" data-link={link.value}>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        {shellWords.value.skip}
      </a>
      <Navigation />
      <div class="stage">
        <div class="sticky">
          <Banner />
          <ClockBanner />
          <PlaintextBanner />
          <LockBanner />
          <Header />
        </div>
        <main id="content" tabIndex={-1}>
          {plant.value === null ? <p class="panel quiet">{words.value.loading}</p> : <PageSlot />}
        </main>
        <Footer />
      </div>
      <KeysHelp />
      <UnlockDialog />
    </div>
  );
}
