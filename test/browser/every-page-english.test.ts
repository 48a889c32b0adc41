import { walksEveryPage } from "../support/page-walk.ts";

walksEveryPage("en");
