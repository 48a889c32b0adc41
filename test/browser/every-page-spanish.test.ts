import { walksEveryPage } from "../support/page-walk.ts";

walksEveryPage("es-PE");
