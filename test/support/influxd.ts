import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** Writes InfluxDB's configuration, with everything of it in one folder. `httpSettings` are more lines of its `[http]`. */
export async function configureInfluxd(folder: string, port: number, httpSettings = ""): Promise<string> {
  const at = (name: string): string => JSON.stringify(join(folder, name));
  const file = join(folder, "influxdb.conf");
  writeFileSync(
    file,
    `reporting-disabled = true
bind-address = "127.0.0.1:${await freePort()}"
[meta]
dir = ${at("meta")}
[data]
dir = ${at("data")}
wal-dir = ${at("wal")}
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
${httpSettings}
`,
  );
  return file;
}
