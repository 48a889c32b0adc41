import { render } from "preact";
import { RecordsPage } from "./pages/records-page.tsx";
import { applyPreferences } from "./preferences.ts";
import { openRecords } from "./records-store.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("records.html has no element #page");
applyPreferences();
render(<RecordsPage />, root);
void openRecords();
