import type { Certificate } from "../../../domain/peer-certificate.ts";
import { deviceWords } from "../../i18n/devices.ts";
import { words } from "../../preferences.ts";
import { OutputStrip } from "../../widgets/output-strip.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import type { GatewayAnswer, LineAnswer } from "./answers.ts";
import { Certificates } from "./certificates.tsx";
import { DeviceTable } from "./device-table.tsx";
import { GatewayPanel, SpoolPanel } from "./gateway-panel.tsx";
import { LineTable } from "./line-table.tsx";
import "./devices.css";

const REFRESH_MS = 2_000;

/** What the gateway reads from and writes to, and how it is itself. */
export function DevicesPage() {
  const lines = useAnswer<readonly LineAnswer[]>("/api/v1/connections", REFRESH_MS);
  const gateway = useAnswer<GatewayAnswer>("/api/v1/gateway", REFRESH_MS);
  const certificates = useAnswer<readonly Certificate[]>("/api/v1/certificates", REFRESH_MS);
  return (
    <div class="diagnostics">
      <PageTitle text={deviceWords.value.title} />
      <DeviceTable />
      <Certificates certificates={certificates.value ?? []} onDone={certificates.reload} />
      {lines.value !== null && <LineTable lines={lines.value} />}
      <OutputStrip />
      {gateway.value === null ? (
        <p class="panel quiet">{gateway.trouble ?? words.value.loading}</p>
      ) : (
        <>
          <SpoolPanel gateway={gateway.value} />
          <GatewayPanel gateway={gateway.value} />
        </>
      )}
    </div>
  );
}
