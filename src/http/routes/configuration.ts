import { Type } from "typebox";
import type { Static } from "typebox";
import { CONFIGURATION_CAUSES } from "../../domain/configuration.ts";
import type {
  ConfigurationDesk,
  ConfigurationFault,
  ConfigurationFile,
  ConfigurationOutcome,
  ConfigurationVersion,
} from "../../domain/configuration.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { lineDifference } from "../line-difference.ts";
import type { App } from "../app.ts";
import { actorOf } from "../callers.ts";
import { Failure, Refusal } from "../failure.ts";
import { isoTime, Time } from "../tag-object.ts";
import { Told, toldObject } from "../told.ts";
import type { GatewayView } from "../view.ts";

const Nullable = Type.Union([Type.String(), Type.Null()]);

const VersionObject = Type.Object(
  {
    number: Type.Integer(),
    at: Time,
    cause: Type.Enum([...CONFIGURATION_CAUSES]),
    by: Type.String(),
    reason: Nullable,
    hash: Type.String(),
    changes: Type.Array(Type.String()),
  },
  { title: "ConfigurationVersion" },
);

const FaultObject = Type.Object(
  {
    place: Type.Union([Type.String(), Type.Null()], {
      description: "File, line, column and keys; null where it is about no place in a file.",
    }),
    sentence: Type.String(),
    told: Told,
  },
  { title: "ConfigurationFault" },
);

const ConfigurationObject = Type.Object(
  {
    current: Type.Union([VersionObject, Type.Null()]),
    refused: Type.Union([
      Type.Object({
        at: Time,
        by: Type.String(),
        faults: Type.Array(FaultObject),
        restart: Type.Array(Type.String(), {
          description: "Places in the plant file that a start brings into force.",
        }),
      }),
      Type.Null(),
    ]),
    versions: Type.Array(VersionObject),
    files: Type.Array(Type.String(), {
      description: "Where they are that are followed, the plant file first.",
    }),
  },
  { title: "Configuration" },
);

const DifferenceObject = Type.Array(
  Type.Object({
    file: Type.String(),
    lines: Type.Array(
      Type.Union([
        Type.Object({ kind: Type.Enum(["same", "added", "removed"]), text: Type.String() }),
        Type.Null(),
      ]),
    ),
  }),
  { title: "ConfigurationDifference" },
);

const OutcomeObject = Type.Object(
  { state: Type.Enum(["accepted", "unchanged"]), version: Type.Union([VersionObject, Type.Null()]) },
  { title: "ConfigurationOutcome" },
);

const Number = Type.Integer({ minimum: 1 });
const Answers = { 400: Failure, 404: Failure, 409: Failure, default: Failure };
const tags = ["configuration"];

/** The plant's files as they were and are. There are no versions, and nothing can be changed, where the gateway was not started
 *  with files of its own. */
export function configurationRoutes(app: App, { configurations: desk }: GatewayView): void {
  const config = { role: "viewer" as const };
  app.get(
    "/api/v1/configuration",
    {
      config,
      schema: {
        summary: "Every configuration that ran, and what is wrong with files that are not used",
        tags,
        response: { 200: ConfigurationObject, default: Failure },
      },
    },
    () =>
      desk === null ? { current: null, refused: null, versions: [], files: [] } : configurationObject(desk),
  );
  if (desk === null) return;
  app.get(
    "/api/v1/configuration/difference",
    {
      config,
      schema: {
        summary: "What changed from one version to another, file by file; passwords are not shown",
        tags,
        querystring: Type.Object({ from: Number, to: Number }),
        response: { 200: DifferenceObject, ...Answers },
      },
    },
    ({ query: { from, to } }) => differenceObject(filesOf(desk, from), filesOf(desk, to)),
  );
  changeRoutes(app, desk);
}

function configurationObject(desk: ConfigurationDesk): Static<typeof ConfigurationObject> {
  const [current, refused] = [desk.current(), desk.refused()];
  return {
    current: current === null ? null : versionObject(current),
    refused:
      refused === null
        ? null
        : {
            ...refused,
            at: isoTime(refused.at),
            faults: refused.faults.map(faultObject),
            restart: [...refused.restart],
          },
    versions: desk.versions().map(versionObject),
    files: [...desk.paths()],
  };
}

function changeRoutes(app: App, desk: ConfigurationDesk): void {
  const config = { role: "engineer" as const };
  const response = { 200: OutcomeObject, ...Answers };
  app.post(
    "/api/v1/configuration/reload",
    { config, schema: { summary: "Reads the files again and goes on with what they say", tags, response } },
    (request) => {
      const { name: by, address } = actorOf(request);
      return desk.reload({ cause: "request", by, address, reason: null }).then(outcomeObject);
    },
  );
  app.post(
    "/api/v1/configuration/rollback",
    {
      config,
      schema: {
        summary: "Writes the files of an older version back and goes on with them",
        tags,
        body: Type.Object({ version: Number, reason: Type.String({ minLength: 3, maxLength: 500 }) }),
        response,
      },
    },
    (request) => {
      const { name: by, address } = actorOf(request);
      const { version, reason } = request.body;
      filesOf(desk, version);
      return desk.rollback(version, { cause: "rollback", by, address, reason }).then(outcomeObject);
    },
  );
}

function versionObject(version: ConfigurationVersion): Static<typeof VersionObject> {
  return { ...version, at: isoTime(version.at), changes: [...version.changes] };
}

function outcomeObject(outcome: ConfigurationOutcome): Static<typeof OutcomeObject> {
  if (outcome.state === "refused") throw new Refusal(409, allOf(outcome.faults));
  return {
    state: outcome.state,
    version: outcome.state === "accepted" ? versionObject(outcome.version) : null,
  };
}

function faultObject({ place, told }: ConfigurationFault): Static<typeof FaultObject> {
  return { place, sentence: told.sentence, told: toldObject(told) };
}

const NO_FAULT: ConfigurationFault = { place: null, told: say("elsewhere", { why: "" }) };

/** All of them as one sentence, line by line; halved again and again, because a plant file may be wrong in a thousand places. */
function allOf(faults: readonly ConfigurationFault[]): Said {
  if (faults.length > 1) {
    const half = Math.floor(faults.length / 2);
    return say("two-faults", { first: allOf(faults.slice(0, half)), second: allOf(faults.slice(half)) });
  }
  const [{ place, told } = NO_FAULT] = faults;
  return place === null ? told : say("at-place", { place, why: told });
}

function filesOf(desk: ConfigurationDesk, version: number): readonly ConfigurationFile[] {
  const files = desk.files(version);
  if (files === null) throw new Refusal(404, say("no-version", { number: version }));
  return files;
}

function differenceObject(
  before: readonly ConfigurationFile[],
  after: readonly ConfigurationFile[],
): Static<typeof DifferenceObject> {
  const names = new Set([...before, ...after].map(nameOf));
  return [...names].flatMap((file) => {
    const [older, newer] = [before, after].map(
      (files) => files.find((one) => nameOf(one) === file)?.text ?? "",
    ) as [string, string];
    return older === newer ? [] : [{ file, lines: [...lineDifference(older, newer)] }];
  });
}

/** The plant file may have been called otherwise. */
function nameOf({ kind, name }: ConfigurationFile): string {
  return kind === "plant" ? "plant" : `${kind}s/${name}`;
}
