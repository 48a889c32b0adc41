import type { EpochMs } from "../../src/domain/time.ts";
import { createCourier } from "./courier.ts";
import type { Courier } from "./courier.ts";
import { reportedBy } from "./laboratory.ts";
import type { Laboratory } from "./laboratory.ts";

/** Brings what a laboratory reports to gateways. */
export interface Couriers {
  /** From now on to the gateway at `url`. Of the past only what that gateway has not heard of before.
   *  `refused` is told, in a sentence, when the gateway does not want something. `token` is shown to one that has accounts. */
  send(url: string, refused?: (sentence: string) => void, token?: string | null): Courier;
  /** Hands over what is new, in the background. */
  deliver(now: EpochMs): void;
  /** Ends what is under way. */
  stop(): void;
}

/** `past`: the time before the start in which the laboratory was at work already. */
export function createCouriers(
  laboratory: Laboratory,
  past: { readonly from: EpochMs; readonly to: EpochMs },
): Couriers {
  const couriers: Courier[] = [];
  const stopping = new AbortController();

  return {
    send(url, refused, token) {
      const courier = createCourier(url, past, stopping.signal, refused, token);
      couriers.push(courier);
      return courier;
    },
    deliver(now) {
      if (couriers.length === 0) return;
      const reported = reportedBy(laboratory, now);
      for (const courier of couriers) courier.deliver(reported, laboratory.counts);
    },
    stop: () => stopping.abort(),
  };
}
