import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SIGNATURE_SUFFIX, SUM_SUFFIX } from "../../src/security/release-signature.ts";
import { root } from "../support/plant.ts";
import { programPath, temporaryFolder } from "../support/program.ts";
import { newReleaseKey, signPackage } from "../support/releases.ts";

const PLANT = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
data: { dir: /var/lib/puma }
http: { port: 18080 }
`;

const PASSWORD = "lluvia martillo tren 58";

/** Takes minutes: a whole Debian is put up for it. */
describe.runIf(process.env["PUMA_SOAK"] !== undefined)(
  "the Debian package in an empty Debian without network",
  () => {
    const folder = temporaryFolder();
    const debian = join(folder.path, "debian");
    const run = (command: string, ...args: string[]): string =>
      execFileSync(command, args, { encoding: "utf8", cwd: root, maxBuffer: 2 ** 26 });
    /** In the empty Debian, with a loopback and nothing else to talk to. */
    const inside = (script: string): string => {
      const enter =
        'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && ip link set lo up && exec chroot "$0" sh -ec "$1"';
      const separate = ["--net", "--mount", "--pid", "--fork", "--kill-child"];
      return run(programPath("unshare", "util-linux"), ...separate, "sh", "-c", enter, debian, script);
    };
    const asPuma = (command: string): string => `setpriv --reuid puma --regid puma --clear-groups ${command}`;
    const key = newReleaseKey();
    let version = "";

    beforeAll(() => {
      run(programPath("debootstrap", "debootstrap"), "--variant=minbase", "bookworm", debian);
      const keyFile = join(folder.path, "release.key");
      writeFileSync(keyFile, key);
      run("env", `PUMA_RELEASE_KEY=${keyFile}`, "npm", "run", "deb", "--", folder.path);
      const name = readdirSync(folder.path).find((one) => one.endsWith(".deb")) ?? "";
      version = /_(.+)_/u.exec(name)?.[1] ?? "";
      for (const suffix of ["", SUM_SUFFIX, SIGNATURE_SUFFIX])
        copyFileSync(join(folder.path, name + suffix), join(debian, "tmp", `gateway.deb${suffix}`));
      const tree = join(folder.path, "newer");
      run("dpkg-deb", "-R", join(folder.path, name), tree);
      const control = join(tree, "DEBIAN", "control");
      writeFileSync(
        control,
        readFileSync(control, "utf8").replace(/^Version: .*$/mu, `Version: ${version}+1`),
      );
      const newer = join(debian, "tmp", "newer.deb");
      run("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, newer);
      signPackage(newer, key);
    }, 1_200_000);
    afterAll(() => folder[Symbol.dispose]());

    it("installs, and shows the demonstration", () => {
      inside("dpkg --force-unsafe-io -i /tmp/gateway.deb");
      const said = inside(`cd /tmp; puma demo --port 0 > said 2>&1 & pid=$!
      for i in $(seq 300); do grep -q Ctrl-C said && break; sleep 1; done
      cat said; kill -TERM $pid; wait $pid`);
      expect(said).toContain("195 tags of 8 simulated devices");
      const listed = JSON.parse(
        readFileSync(join(debian, "usr/share/doc/puma-gateway/sbom.cdx.json"), "utf8"),
      ) as {
        bomFormat: string;
        components: unknown[];
      };
      expect([listed.bomFormat, listed.components.length > 100]).toEqual(["CycloneDX", true]);
    }, 600_000);

    /** Runs the plant until it serves, and stops it. */
    const serve = `${asPuma("puma run /etc/puma/plant.yaml")} > /tmp/log 2>&1 & pid=$!
      for i in $(seq 300); do grep -q 'gateway is running' /tmp/log && break; sleep 1; done
      grep -q 'gateway is running' /tmp/log || { cat /tmp/log; exit 1; }
      kill -TERM $pid; wait $pid`;
    const isInstalled = (): string => inside("dpkg-query -W -f '${Version}' puma-gateway");
    const users = (): string => inside(asPuma("puma user /etc/puma/plant.yaml list"));

    it("runs a plant, and has people", () => {
      mkdirSync(join(debian, "etc", "puma"), { recursive: true });
      writeFileSync(join(debian, "etc", "puma", "plant.yaml"), PLANT);
      inside(`chown puma: /etc/puma/plant.yaml; ${serve}
      echo '${PASSWORD}' | ${asPuma("puma user /etc/puma/plant.yaml add rosa --role admin")}`);
      expect(users()).toMatch(/^rosa +admin/mu);
    }, 600_000);

    it("is upgraded, and knows its people", () => {
      inside(`puma upgrade /tmp/newer.deb; ${serve}`);
      expect([isInstalled(), users()]).toEqual([`${version}+1`, expect.stringMatching(/^rosa +admin/mu)]);
    }, 600_000);

    it("is put back only by those who mean it", () => {
      expect(() => inside("puma upgrade /tmp/gateway.deb")).toThrow();
      expect(isInstalled()).toBe(`${version}+1`);
      inside(`puma upgrade /tmp/gateway.deb --allow-older; ${serve}`);
      expect([isInstalled(), users()]).toEqual([version, expect.stringMatching(/^rosa +admin/mu)]);
    }, 600_000);

    it("restores a backup where nothing is left", () => {
      const [backup = ""] = readdirSync(join(debian, "var", "backups", "puma-gateway")).toSorted();
      inside(`rm -rf /etc/puma/* /var/lib/puma/*
      ${asPuma(`puma restore /etc/puma/plant.yaml --from /var/backups/puma-gateway/${backup}`)}; ${serve}`);
      expect(users()).toMatch(/^rosa +admin/mu);
    }, 600_000);
  },
);
