import { render } from "preact";
import { startLink } from "./link.ts";
import { applyPreferences } from "./preferences.ts";
import { startRouter } from "./router.ts";
import { startKeys } from "./shell/keys.tsx";
import { watchActivity } from "./session.ts";
import { Shell } from "./shell/shell.tsx";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no element #page");
applyPreferences();
startRouter();
startKeys();
render(<Shell />, root);
startLink();
watchActivity();
