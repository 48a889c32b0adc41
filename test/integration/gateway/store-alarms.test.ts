import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Plant } from "../../../src/config/plant.ts";
import type { AlarmView } from "../../../src/domain/alarm.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { startGateway } from "../../../src/gateway/gateway.ts";
import type { Gateway } from "../../../src/gateway/gateway.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import { mqttContext } from "../../support/outputs.ts";
import { createMemoryLog, root, runPlant } from "../../support/plant.ts";
import { temporaryFolder } from "../../support/program.ts";
import { deviceOf, modbusTag, plantOf, tcpConnection } from "../../support/simulated-plant.ts";
import { until } from "../../support/until.ts";

const TAGS = 60;

/** Sixty floats, ten times a second, for a broker that is never there. */
function restless(spoolBytesMax: number): Plant {
  const tags = Array.from({ length: TAGS }, (_, index) =>
    modbusTag({ id: `FT-${100 + index}`, periodMs: 100, scanClass: "quick", source: { address: 2 * index } }),
  );
  const plant = plantOf([tcpConnection("line")], [deviceOf("P1", "line", 1)], tags);
  return { ...plant, data: { ...plant.data, spoolBytesMax } };
}

const source = {
  valueAt: ({ index }: { index: number }, time: number): number =>
    Math.abs(Math.sin(time * 1e-3 + index)) * 99,
};

/** The data outlive the plant. */
const withoutBroker =
  (dir: string) =>
  (plant: Plant): Plant => ({
    ...plant,
    data: { ...plant.data, dir },
    outputs: [{ ...mqttContext({ url: "mqtt://127.0.0.1:9", clientId: "away" }, []).config, id: "away" }],
  });

const alarmOf = ({ view }: Gateway, id: string): AlarmView => view.alarms.view(`gateway.${id}`) as AlarmView;
const isCalled = (gateway: Gateway, id: string) => () => alarmOf(gateway, id).state === "UNACK";

test.concurrent("a spool without room calls within five seconds of the first reading that it drops, until somebody resets it", async () => {
  using kept = temporaryFolder();
  await using running = await runPlant(restless(24 * 1024), withoutBroker(kept.path), { source });
  const { gateway } = running;
  const dropped = (): number => gateway.view.outputs()[0]?.dropped["spool-full"] ?? 0;
  expect(alarmOf(gateway, "spool-full").state).toBe("NORM");
  await until(() => dropped() > 0, 60_000);
  await until(isCalled(gateway, "spool-full"), 5_000);
  expect(alarmOf(gateway, "spool-damaged").state).toBe("NORM");
  expect(alarmOf(gateway, "spool-unprotected").state).toBe("NORM");
});

test.concurrent("a damaged block calls when it is read for an output that is back", async () => {
  using kept = temporaryFolder();
  await using broker = await startMqttSink();
  const running = await runPlant(restless(2 ** 24), withoutBroker(kept.path), { source });
  await using simulated = running.simulated;
  const { gateway } = running;
  await until(() => gateway.view.spool().bytes > 16 * 1024, 60_000);
  await gateway.stop();
  damageBlock(join(kept.path, "spool"));
  const outputs = gateway.view.plant.outputs.map((output) =>
    output.type === "mqtt" ? { ...output, url: broker.url, historyReadingsPerS: 10_000 } : output,
  );
  const again = await startGateway({
    plant: { ...gateway.view.plant, outputs },
    version: "test",
    clock: systemClock,
    speed: 1,
    sinkClock: systemClock,
    seed: 1,
    log: createMemoryLog(),
    webDir: join(root, "dist", "web"),
  });
  await until(isCalled(again, "spool-damaged"), 60_000);
  expect(again.view.spool().damagedBlocks).toBeGreaterThan(0);
  expect(simulated.plant.tags).toHaveLength(TAGS);
  await again.stop();
});

/** One bit in the middle of the largest file. */
function damageBlock(dir: string): void {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".spool"))
    .map(({ parentPath, name }) => join(parentPath, name));
  const [largest = ""] = files.toSorted((a, b) => readFileSync(b).length - readFileSync(a).length);
  const bytes = readFileSync(largest);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 0x10;
  writeFileSync(largest, bytes);
}

test.concurrent("a spool that has no disk calls, because readings are unprotected", async () => {
  using kept = temporaryFolder();
  writeFileSync(join(kept.path, "spool"), "no folder");
  await using running = await runPlant(restless(2 ** 24), withoutBroker(kept.path), { source });
  await until(isCalled(running.gateway, "spool-unprotected"), 15_000);
});
