import type { Said } from "./said.ts";
import type { EpochMs } from "./time.ts";

/** Where a fault strikes: on the wire, at an instrument, in the process, or in the laboratory. */
export type SimulatorFaultGroup = "wire" | "instrument" | "process" | "laboratory";

/** A fault that the simulators know. */
export interface SimulatorFault {
  readonly fault: string;
  readonly group: SimulatorFaultGroup;
  readonly meaning: string;
  /** What it can strike; empty where it strikes the plant. */
  readonly targets: readonly ("connection" | "device" | "tag")[];
  /** Protocols of what it can strike; empty where it strikes the plant. */
  readonly protocols: readonly string[];
  /** Whether `amount` means something to it. */
  readonly takesAmount: boolean;
  readonly usualAmount: number | null;
}

/** What an operator of the simulated plant can set. */
export interface SimulatorSetpoint {
  readonly setpoint: string;
  readonly title: string;
  readonly unit: string | null;
  readonly low: number;
  readonly high: number;
  readonly value: number;
}

/** A fault under way. */
export interface RunningFault {
  readonly id: number;
  readonly fault: string;
  /** Connection, device or tag; null where it strikes the plant. */
  readonly target: string | null;
  readonly amount: number | null;
  readonly since: EpochMs;
  /** When it ends by itself; null where somebody must clear it. */
  readonly until: EpochMs | null;
}

export interface SimulatorState {
  readonly known: readonly SimulatorFault[];
  readonly running: readonly RunningFault[];
  readonly setpoints: readonly SimulatorSetpoint[];
}

/** What somebody wants to go wrong. */
export interface FaultWish {
  readonly fault: string;
  readonly connection?: string | undefined;
  readonly device?: string | undefined;
  readonly tag?: string | undefined;
  readonly amount?: number | undefined;
  /** How long, in plant time, ms. */
  readonly forMs?: number | undefined;
}

/** What somebody wants of the simulators makes no sense. */
export class UnfitWish extends RangeError {
  readonly code = "UNFIT_WISH";
  readonly said: Said;

  constructor(said: Said) {
    super(said.sentence);
    this.said = said;
  }
}

/** What is asked of the simulators over their control socket: one line of JSON for each connection, one back. */
export type SimulatorOrder =
  | { readonly ask: "state" }
  | { readonly ask: "inject"; readonly wish: FaultWish }
  | { readonly ask: "clear"; readonly id: number }
  | { readonly ask: "set"; readonly setpoint: string; readonly value: number };

/** `refused`: what makes no sense. */
export type SimulatorAnswer = { readonly state: SimulatorState } | { readonly refused: Said };

/** The simulators behind a gateway. Rejects with ConnectionLost when they cannot be reached. */
export interface SimulatorDesk {
  order(order: SimulatorOrder): Promise<SimulatorAnswer>;
}

/** Where simulators listen, below the data folder. */
export const CONTROL_SOCKET = ["simulators", "control.sock"] as const;
