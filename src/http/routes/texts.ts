import { Type } from "typebox";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import type { GatewayView } from "../view.ts";

export function textRoutes(app: App, { plant: { texts = {} } }: GatewayView): void {
  app.get(
    "/api/v1/texts/:language",
    {
      config: { role: "viewer" },
      schema: {
        summary: "Titles and alarm texts of the plant in another language",
        description:
          "From each text of the plant file to that of the language. A key with {} speaks for every text of its form; " +
          "what stands there is looked up too.",
        tags: ["readings"],
        params: Type.Object({ language: Type.String() }),
        response: { 200: Type.Record(Type.String(), Type.String()), 404: Failure, default: Failure },
      },
    },
    ({ params: { language } }) => {
      const phrases = Object.hasOwn(texts, language) ? texts[language] : undefined;
      if (phrases === undefined) throw new Refusal(404, `There are no texts in ${language}.`);
      return phrases;
    },
  );
}
