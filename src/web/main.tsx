import { render } from "preact";
import { waitForFont } from "./font.ts";
import { startLink } from "./link.ts";
import { applyPreferences } from "./preferences.ts";
import { startRouter } from "./router.ts";
import { startKeys } from "./shell/keys.tsx";
import { watchActivity } from "./session.ts";
import { Shell } from "./shell/shell.tsx";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no element #page");
applyPreferences();
await waitForFont();
startRouter();
startKeys();
render(<Shell />, root);
startLink();
watchActivity();
