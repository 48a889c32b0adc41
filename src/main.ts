import { BadConfiguration } from "./domain/errors.ts";
import { UsageError } from "./cli/arguments.ts";
import type { Command } from "./cli/arguments.ts";

/** Loaded only when asked for, so that `puma check` never waits for a protocol library. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./cli/run.ts")).run,
  demo: async () => (await import("./cli/demo.ts")).demo,
  simulate: async () => (await import("./cli/simulate.ts")).simulate,
  replay: async () => (await import("./cli/replay.ts")).replay,
  check: async () => (await import("./cli/check.ts")).check,
  read: async () => (await import("./cli/read.ts")).read,
  browse: async () => (await import("./cli/browse.ts")).browse,
  report: async () => (await import("./cli/report.ts")).report,
  spool: async () => (await import("./cli/spool.ts")).spool,
  trust: async () => (await import("./cli/trust.ts")).trust,
  user: async () => (await import("./cli/user.ts")).user,
  audit: async () => (await import("./cli/audit.ts")).audit,
  token: async () => (await import("./cli/token.ts")).token,
  backup: async () => (await import("./cli/backup.ts")).backup,
  restore: async () => (await import("./cli/restore.ts")).restore,
  upgrade: async () => (await import("./cli/upgrade.ts")).upgrade,
  wipe: async () => (await import("./cli/wipe.ts")).wipe,
};

const USAGE = `puma run PLANT.yaml [--simulators] [--frames DEVICE|CONNECTION] [--memory-max SIZE]
                                                      the gateway
puma demo [--scenario NAME|FILE] [--speed N] [--seed N] [--port P] [--simulators]
                                                      simulated Puma plant and gateway
puma simulate PLANT.yaml [--scenario NAME|FILE] [--speed N] [--seed N] [--assays DIR]
                                                      only the simulated devices
puma simulate --plot NAME|FILE [--seed N] [--out FILE.svg]
                                                      draws the trends of a scenario
puma replay FILE [--port P] [--rtu]                   a device that answers as in a frame log
puma check PLANT.yaml [--json]                        checks the files, prints the poll plan
puma read PLANT.yaml TAG… [--data DIR]                asks the devices for these tags once
puma browse opc.tcp://… [--node ID] [--trust THUMBPRINT] [--insecure]
                                                      a device profile to start from
puma report PLANT.yaml shift 2026-11-22/day|day 2026-11-22 [--json|--csv|--html]
                                                      a shift or a production day
puma spool PLANT.yaml status|dead-letters|replay      readings on their way to the outputs
puma trust PLANT.yaml list|add THUMBPRINT|remove THUMBPRINT
puma user PLANT.yaml list|add NAME --role ROLE|remove NAME|role NAME --role ROLE|password NAME|link
                                                      people who may use the gateway; link makes the first one
puma token PLANT.yaml list|add NAME --role ROLE|remove NAME
                                                      programs that may
puma audit PLANT.yaml verify                          whether the audit is as it was written
puma backup PLANT.yaml [--to FILE] [--history] [--spool]
                                                      everything that cannot be made again, in one file
puma restore PLANT.yaml --from FILE [--seal SEAL]     puts a backup where nothing is yet
puma upgrade FILE.deb [--allow-older]                 puts a signed release in the place of the installed one
puma wipe PLANT.yaml                                  removes the plant's data and secrets
`;

const BAD_CONFIGURATION = 78; // EX_CONFIG of sysexits.h

/** Runs one command line and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "help", ...rest] = args;
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) return printUsage(name);
  try {
    const command = await load();
    return await command(rest);
  } catch (error) {
    if (error instanceof BadConfiguration) {
      process.stderr.write(`${error.message}\n`);
      return BAD_CONFIGURATION;
    }
    if (error instanceof UsageError) {
      process.stderr.write(`puma ${name}: ${error.message}\n\n${USAGE}`);
      return BAD_CONFIGURATION;
    }
    throw error;
  }
}

function printUsage(name: string): number {
  const wantsHelp = ["help", "--help", "-h"].includes(name);
  if (!wantsHelp) process.stderr.write(`puma: there is no command "${name}".\n\n`);
  (wantsHelp ? process.stdout : process.stderr).write(USAGE);
  return wantsHelp ? 0 : BAD_CONFIGURATION;
}
