import { Type } from "typebox";
import { say } from "../../domain/said.ts";
import type { Tag } from "../../domain/tag.ts";
import type { App } from "../app.ts";
import { Failure, Refusal } from "../failure.ts";
import { TagObject, tagObject } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";

const TagQuery = Type.Object({
  area: Type.Optional(Type.String({ maxLength: 100 })),
  device: Type.Optional(Type.String({ maxLength: 100 })),
  q: Type.Optional(Type.String({ maxLength: 100, description: "Part of the id or the title." })),
});

/** Lower case without accents, so that "lixiviacion" finds "Lixiviación". */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export function tagRoutes(app: App, view: GatewayView): void {
  const { tags } = view.plant;
  const indexById = new Map(tags.map((tag) => [tag.id, tag.index]));
  const searchable = tags.map((tag) => folded(`${tag.id}\n${tag.title}`));

  app.get(
    "/api/v1/tags",
    {
      config: { role: "viewer" },
      schema: {
        summary: "All tags with their last readings",
        tags: ["readings"],
        querystring: TagQuery,
        response: { 200: Type.Array(TagObject), default: Failure },
      },
    },
    ({ query }) => {
      const wanted = query.q === undefined ? "" : folded(query.q);
      const isMeant = (tag: Tag): boolean =>
        (query.area === undefined || tag.area === query.area) &&
        (query.device === undefined || tag.device === query.device) &&
        (wanted === "" || searchable[tag.index]?.includes(wanted) === true);
      return tags.filter(isMeant).map((tag) => tagObject(view, tag.index));
    },
  );

  app.get(
    "/api/v1/tags/:tag",
    {
      config: { role: "viewer" },
      schema: {
        summary: "One tag with its last reading",
        tags: ["readings"],
        params: Type.Object({ tag: Type.String() }),
        response: { 200: TagObject, 404: Failure, default: Failure },
      },
    },
    ({ params }) => {
      const index = indexById.get(params.tag);
      if (index === undefined) throw new Refusal(404, say("no-tag", { name: params.tag }));
      return tagObject(view, index);
    },
  );
}
