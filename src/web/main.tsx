import { render } from "preact";
import { startLink } from "./link.ts";
import { FirstPage } from "./pages/first-page.tsx";
import { applyPreferences } from "./preferences.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no element #page");
applyPreferences();
render(<FirstPage />, root);
startLink();
