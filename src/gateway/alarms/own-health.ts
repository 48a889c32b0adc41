import type { ConfigurationDesk } from "../../domain/configuration.ts";
import type { Spool } from "../../store/spool/spool.ts";
import type { CertificateEnds } from "../certificate-ends.ts";
import { isOffline } from "../health.ts";
import type { Delivery, DeviceOutline } from "../health.ts";
import type { OwnHealth } from "./signals.ts";

/** What the gateway's own alarms look at. */
export function createOwnHealth(
  spool: Pick<Spool, "health">,
  devices: readonly DeviceOutline[],
  deliveries: () => readonly Delivery[],
  configurations: Pick<ConfigurationDesk, "refused"> | null,
  certificates: CertificateEnds,
): OwnHealth {
  const byId = new Map(devices.map((outline) => [outline.device.id, outline]));
  return {
    isOffline(device) {
      const outline = byId.get(device);
      return outline === undefined ? null : isOffline(outline);
    },
    isOutputAway: (output) =>
      deliveries().some(({ name, forwarder }) => name === output && !forwarder.isConnected()),
    isConfigurationRefused: () => configurations !== null && configurations.refused() !== null,
    isCertificateEnding: (id) => certificates.isEnding(id),
    stalls: () =>
      [...new Set(devices.map(({ link }) => link))].reduce(
        (sum, { driver }) => sum + driver.counters.stalls,
        0,
      ) + deliveries().reduce((sum, { forwarder }) => sum + forwarder.stalls(), 0),
    isProtected: () => spool.health().isProtected,
    damagedBlocks: () => spool.health().damagedBlocks,
    droppedForRoom: () =>
      deliveries().reduce((sum, { feed }) => sum + (feed.counts().dropped["spool-full"] ?? 0), 0),
  };
}
