import { ELUTION_STEPS, isPlating } from "./carbon.ts";
import { rowFlow } from "./detox.ts";
import type { Flowsheet } from "./flowsheet.ts";
import {
  FIRST_CARBON_TANK,
  T_OXYGEN,
  T_PH,
  TANK_M3,
  tankDeckPpm,
  tankNaCn,
  TANKS,
  tankVolume,
} from "./leach.ts";
import { AGITATION_S } from "./plc.ts";
import type { Seven } from "./start-profile.ts";
import { stockLevel } from "./reagents.ts";
import { SIGNAL } from "./signal-list.ts";
import { either, relax } from "./signal-shapes.ts";
import { at } from "./vector.ts";

const USUAL_FLOW_M3PERH = 8.47;

export function writeLeachSignals(sheet: Flowsheet, out: Float64Array): void {
  const { units, plc } = sheet;
  const { tanks, overflows } = units.leach;
  const isStirred = plc.hasPower && plc.poweredS >= AGITATION_S;
  for (let i = 0; i < TANKS; i++) {
    out[SIGNAL["LT-401"] + i] = (100 * tankVolume(tanks[i] as Float64Array)) / TANK_M3;
    out[SIGNAL["IT-401"] + i] = either(isStirred, 14, 0);
    out[SIGNAL["XS-401"] + i] = either(isStirred, 1, 0);
  }
  for (let i = FIRST_CARBON_TANK; i < TANKS; i++) {
    const through = rowFlow(overflows[i - 1] as Float64Array) / USUAL_FLOW_M3PERH;
    out[SIGNAL["LDT-403"] + i - FIRST_CARBON_TANK] = 80 * through;
    out[SIGNAL["XS-423"] + i - FIRST_CARBON_TANK] = either(isPumping(sheet), 1, 0);
  }
  writeChemistry(tanks, out);
  const air = either(plc.motors.blower.isRunning, plc.airflowShare, 0);
  out[SIGNAL["FT-410"]] = 60 * air;
  out[SIGNAL["PT-410"]] = 120 * air;
  out[SIGNAL["FT-420"]] = either(isPumping(sheet), 4, 0);
}

function isPumping({ units, isAveraged }: Flowsheet): boolean {
  return units.carbon.isPumping && units.carbon.isAdvancing && !isAveraged;
}

function writeChemistry(tanks: readonly Float64Array[], out: Float64Array): void {
  const [one, two, three, four, five, six, seven] = tanks as Seven;
  out[SIGNAL["AT-401A"]] = at(one, T_PH);
  out[SIGNAL["AT-401D"]] = at(one, T_PH);
  out[SIGNAL["AT-403A"]] = at(three, T_PH);
  out[SIGNAL["AT-405A"]] = at(five, T_PH);
  out[SIGNAL["AT-407A"]] = at(seven, T_PH);
  out[SIGNAL["AT-401B"]] = at(one, T_OXYGEN);
  out[SIGNAL["AT-402B"]] = at(two, T_OXYGEN);
  out[SIGNAL["AT-404B"]] = at(four, T_OXYGEN);
  out[SIGNAL["AT-406B"]] = at(six, T_OXYGEN);
  out[SIGNAL["AT-401C"]] = tankNaCn(one);
  out[SIGNAL["AT-403C"]] = tankNaCn(three);
  out[SIGNAL["AT-407C"]] = tankNaCn(seven);
  const leachDeck = tankDeckPpm(one);
  out[SIGNAL["AT-491"]] = leachDeck;
  out[SIGNAL["AT-492"]] = tankDeckPpm(four);
  out[SIGNAL["AT-493"]] = 0.275 * leachDeck;
  out[SIGNAL["AT-494"]] = 0.32 * tankDeckPpm(seven);
}

/** Column temperature by elution step, Cel. */
const COLUMN_CEL = [40, 60, 125, 120, 60, 40] as const;

export function writeGoldRoomSignals({ units, plc, isAveraged }: Flowsheet, out: Float64Array): void {
  const { carbon, reagents } = units;
  const step = either(isAveraged, ELUTION_STEPS.elute, carbon.step);
  relax(out, SIGNAL["TT-501"], COLUMN_CEL[step] ?? 40);
  const celsius = at(out, SIGNAL["TT-501"]);
  out[SIGNAL["PT-501"]] = 50 + (230 * Math.max(0, celsius - 40)) / 80;
  const isFlowing = plc.hasPower && (step === ELUTION_STEPS.elute || step === ELUTION_STEPS.heat);
  out[SIGNAL["FT-501"]] = either(isFlowing, 1.2, 0);
  out[SIGNAL["LT-502"]] = either(isFlowing, 60, 55);
  out[SIGNAL["XS-501"]] = step;
  const isOn = plc.hasPower && (isAveraged || isPlating(carbon));
  out[SIGNAL["IT-503"]] = either(isOn, 450, 0);
  out[SIGNAL["ET-503"]] = either(isOn, 3.2, 0);
  relax(out, SIGNAL["TT-505"], either(carbon.isKilnOn && plc.hasPower, 700, 60));
  out[SIGNAL["LT-601"]] = stockLevel(reagents.naCnMixing);
  out[SIGNAL["LT-602"]] = stockLevel(reagents.naCnDay);
  out[SIGNAL["FT-602"]] = reagents.naCnLPerH;
  out[SIGNAL["ST-602"]] = (52 / 31.3) * reagents.naCnLPerH;
  out[SIGNAL["XS-602"]] = either(plc.motors.naCn.isRunning, 1, 0);
  out[SIGNAL["XS-602P"]] = either(plc.hasPermit, 1, 0);
  out[SIGNAL["LDH-601"]] = either(plc.hasBundLeak, 1, 0);
  out[SIGNAL["XS-605"]] = either(plc.isShowerOn, 1, 0);
}
