import { Type } from "typebox";
import type { App } from "../app.ts";
import { Failure } from "../failure.ts";
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
          "what stands there is looked up too. Empty where the language has no file.",
        tags: ["readings"],
        params: Type.Object({ language: Type.String() }),
        response: { 200: Type.Record(Type.String(), Type.String()), default: Failure },
      },
    },
    ({ params: { language } }) => {
      const phrases = Object.hasOwn(texts, language) ? texts[language] : undefined;
      return phrases ?? {};
    },
  );
}
