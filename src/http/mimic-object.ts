import { Type } from "typebox";
import type { Static } from "typebox";

const Box = { x: Type.Number(), y: Type.Number(), width: Type.Number(), height: Type.Number() };

export const MimicObject = Type.Object(
  {
    area: Type.String(),
    width: Type.Number(),
    height: Type.Number(),
    equipment: Type.Array(Type.Object({ id: Type.String(), ...Box })),
    links: Type.Array(
      Type.Object({
        id: Type.String({ description: "Equipment of another area that a stream comes from or goes to." }),
        direction: Type.Enum(["from", "to"]),
        ...Box,
      }),
    ),
    streams: Type.Array(
      Type.Object({
        from: Type.String(),
        to: Type.String(),
        points: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
          description: "Corners of the line, the arrow at the last.",
        }),
      }),
    ),
  },
  { title: "Mimic" },
);
export type MimicObject = Static<typeof MimicObject>;
