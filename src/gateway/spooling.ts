import type { MqttOutputConfig, OutputConfig, Plant } from "../config/plant.ts";
import { linearOf } from "../conditioning/scaling.ts";
import { BadConfiguration } from "../domain/errors.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import { deadFs } from "../store/spool/dead-fs.ts";
import type { FeedOptions } from "../store/spool/feed.ts";
import type { SpoolFs } from "../store/spool/fs.ts";
import { openSpool } from "../store/spool/spool.ts";
import type { Spool, SpoolOptions } from "../store/spool/spool.ts";

/** Readings of one write to a broker: at QoS 1 each write waits for its acknowledgements, so that few, large ones carry
 *  more. */
const WRITE_READINGS_MAX = 20_000;

/** HTTP sinks charge by the request, and whoever asks a database does so once a second at the most: gather this long, ms. */
const INFLUX_LINGER_MS = 250;

/** Subscribers of a broker that was away have come back this long after us, ms. */
const BROKER_SETTLE_MS = 10_000;

/** The plant's spool. A disk that cannot be opened is no reason to leave the plant without a gateway: then readings go
 *  on unprotected. Throws BadConfiguration when a newer version of the gateway wrote the spool. */
export async function openPlantSpool(plant: Plant, fs: SpoolFs, clock: Clock, log: Log): Promise<Spool> {
  const options: SpoolOptions = {
    fs,
    folder: `${plant.data.dir}/spool`,
    clock,
    log,
    tags: plant.tags.map((tag) => ({ id: tag.id, ...linearOf(tag) })),
    bytesMax: plant.data.spoolBytesMax,
    outputs: plant.outputs.map(feedOptions),
  };
  try {
    return await openSpool(options);
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    log.error(
      { folder: options.folder, reason: (error as Error).message },
      "the spool cannot be opened: readings are unprotected until the next start",
    );
    return openSpool({ ...options, fs: deadFs(error as Error) });
  }
}

function feedOptions(config: OutputConfig): FeedOptions {
  const isInflux = config.type === "influx";
  return {
    name: config.id,
    readingsMax: isInflux ? config.batchReadingsMax : WRITE_READINGS_MAX,
    lingerMs: isInflux ? INFLUX_LINGER_MS : 0,
    trimLagMs: isInflux ? config.trimLagMs : Math.max(config.trimLagMs, unnoticedMs(config)),
    settleMs: isInflux ? 0 : BROKER_SETTLE_MS,
    historyReadingsPerS: config.historyReadingsPerS,
  };
}

/** A dead connection may go unnoticed for one and a half keep-alive times (MQTT 3.1.1, 3.1.2.10), and what is sent at
 *  QoS 0 meanwhile is gone. */
function unnoticedMs({ keepaliveS }: MqttOutputConfig): number {
  return 1.5 * keepaliveS * 1000;
}
