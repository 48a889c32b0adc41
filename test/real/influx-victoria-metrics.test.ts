import { expect, test } from "vitest";
import { severity, Status } from "../../src/domain/status.ts";
import { createInfluxOutput } from "../../src/outputs/influx/output.ts";
import { shortestFloat32 } from "../../src/domain/number.ts";
import { batchOfRows, influxContext, manyTags, never, TIME } from "../support/outputs.ts";
import type { Row } from "../support/outputs.ts";
import { freePort } from "../support/free-port.ts";
import { programPath, startProgram, temporaryFolder } from "../support/program.ts";

interface Exported {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}

test("victoria-metrics stores 5,000 readings and gives each back with value, quality and time", async () => {
  const path = programPath("victoria-metrics", "victoria-metrics");
  using folder = temporaryFolder();
  const port = await freePort();
  await using _server = await startProgram(
    path,
    [`-storageDataPath=${folder.path}`, `-httpListenAddr=127.0.0.1:${port}`, "-retentionPeriod=100y"],
    port,
  );
  const url = `http://127.0.0.1:${port}`;
  const tags = manyTags(5000);
  const rows: Row[] = tags.map((_, tag) => ({
    tag,
    value: tag % 17 === 0 ? null : Math.fround(tag / 7),
    status: tag % 17 === 0 ? Status.BadNoCommunication : tag % 4 === 0 ? Status.UncertainStale : Status.Good,
    time: TIME + tag,
  }));
  const output = createInfluxOutput(influxContext({ url }, tags));
  await output.connect(never);
  expect(await output.write(batchOfRows(rows), never)).toEqual([]);
  await output.close();

  await fetch(`${url}/internal/force_flush`);
  const reply = await fetch(`${url}/api/v1/export?match[]=${encodeURIComponent('{__name__=~"reading_.*"}')}`);
  const lines = (await reply.text()).trim().split("\n");
  const series = new Map(
    lines
      .map((line) => JSON.parse(line) as Exported)
      .map(({ metric, values, timestamps }) => [
        `${metric["__name__"]} ${metric["plant"]} ${metric["area"]} ${metric["device"]} ${metric["tag"]}`,
        { value: values[0], time: timestamps[0], count: values.length },
      ]),
  );
  for (const { tag, value, status, time } of rows) {
    const { area, device, id } = tags[tag]!;
    const of = (field: string): unknown => series.get(`reading_${field} puma ${area} ${device} ${id}`);
    expect(of("quality")).toEqual({ value: severity(status!), time, count: 1 });
    expect(of("status")).toEqual({ value: status, time, count: 1 });
    if (value === null) expect(of("value")).toBeUndefined();
    else expect(of("value")).toEqual({ value: shortestFloat32(value as number), time, count: 1 });
  }
});
