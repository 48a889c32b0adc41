import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/plant.ts";
import { programPath } from "../support/program.ts";

it("the service is exposed by 3.0 of 10 at the most, as systemd weighs it", () => {
  const unit = join(root, "docs", "deploy", "debian", "puma-gateway.service");
  const said = execFileSync(
    programPath("systemd-analyze", "systemd"),
    ["security", "--offline=true", "--no-pager", "--threshold=30", unit],
    { encoding: "utf8" },
  );
  const exposure = Number(/exposure level for puma-gateway\.service: ([\d.]+)/u.exec(said)?.[1]);
  expect(exposure).toBeLessThanOrEqual(3.0);
});
