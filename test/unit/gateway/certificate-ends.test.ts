import { X509Certificate } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { loadPlant } from "../../../src/config/load.ts";
import type { Plant } from "../../../src/config/plant.ts";
import { pkiFolder, thumbprintOf } from "../../../src/drivers/opcua/trust.ts";
import { watchCertificateEnds, watchedCertificates } from "../../../src/gateway/certificate-ends.ts";
import { selfSign } from "../../../src/security/self-signed.ts";
import { mqttContext } from "../../support/outputs.ts";
import { root } from "../../support/plant.ts";
import { temporaryFolder } from "../../support/program.ts";
import { until } from "../../support/until.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const DAY_MS = 86_400_000;
const { broker: _, ...puma } = loadPlant(join(root, "devices", "plants", "puma.yaml"));

it("tells of each certificate from thirty days before its end on, and no more once another is there", async () => {
  using folder = temporaryFolder();
  const clock = virtualClock();
  const write = (file: string, days: number): string => {
    const { cert } = selfSign({
      name: "x",
      hosts: ["localhost"],
      from: clock.now() - 400 * DAY_MS,
      to: clock.now() + days * DAY_MS,
    });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, cert);
    return cert;
  };
  const at = (name: string) => ({
    certificateFile: join(folder.path, name),
    keyFile: join(folder.path, "key"),
  });
  const plant: Plant = {
    ...puma,
    data: { ...puma.data, dir: folder.path },
    http: { ...puma.http, tls: { kind: "given", ...at("page.pem") } },
    broker: { host: "127.0.0.1", port: 1, wsPort: 2, tls: { kind: "generated" } },
    outputs: [mqttContext({ id: "mqtt", tls: { caFile: null, ...at("client.pem") } }, []).config],
  };
  const connection = plant.connections.find(({ protocol }) => protocol === "opcua");
  if (connection === undefined) throw new Error("the plant has no OPC UA connection");
  const server = `server-${connection.id}`;
  write(join(folder.path, "page.pem"), 29);
  write(join(folder.path, "tls", "gateway.pem"), 31);
  write(join(folder.path, "client.pem"), -1);
  write(join(pkiFolder(folder.path), "own", "certs", "gateway.pem"), 3_000);
  const trusted = write(join(pkiFolder(folder.path), "trusted", "certs", "server.pem"), 10);
  let shown: string | null = null;
  const driver = { certificate: () => shown } as never;
  const ends = watchCertificateEnds(plant, [{ connection, driver }], clock);
  const ids = watchedCertificates(plant).map(({ id }) => id);
  const ending = (): string[] => ids.filter((id) => ends.isEnding(id));

  expect(ids.toSorted()).toEqual(["broker", "opcua", "output-mqtt", "page", server].toSorted());
  expect(ending()).toEqual([]); // nothing has been read yet
  await until(() => ending().length > 0);
  expect(ending().toSorted()).toEqual(["output-mqtt", "page"]);
  shown = thumbprintOf(new X509Certificate(trusted));
  expect(ending()).toContain(server);
  await clock.advance(2 * DAY_MS);
  await until(() => ending().includes("broker"));
  write(join(folder.path, "page.pem"), 400);
  await clock.advance(60_000);
  await until(() => !ending().includes("page"));
  expect(ending().toSorted()).toEqual(["broker", "output-mqtt", server].toSorted());
});
