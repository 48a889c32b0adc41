import { draw, fill } from "./bin.ts";
import { STEP_H } from "./constants.ts";
import { isCrusherOn, isCrushing } from "./controllers.ts";
import { assessCrusher, chamberRoom, coneP80Mm, JAW_CSS_MM, load, unload } from "./crusher.ts";
import { book, STREAM } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { O_F80, O_SOLIDS, O_WATER, oreGold, wetMass } from "./ore.ts";
import type { Plc } from "./plc.ts";
import { crushedFractions } from "./sizes.ts";
import type { Units } from "./units.ts";
import { at, deposit, take, transfer, withdraw } from "./vector.ts";

const CONE_USUAL_CSS_MM = 10;
/** µm by which the F80 has to move before the class fractions are worked out again. */
const F80_STEP_UM = 5;
const FEEDER_M_PER_S = 0.8;
/** What the gate of the bin lets lie on a metre of belt, kg. */
const FEEDER_LOAD_MAX = 1.8;
const FEED_WET_PER_DRY = 1 / (1 - 0.035);

/** ROM bin → jaw → belt → cone → belt → fine ore bin, one second. */
export function stepCrushing(units: Units, plc: Plc, ledger: Ledger): void {
  const { rom, romFeed, jaw, jawBelt, cone, belt, fineOre } = units;
  const isOn = isCrusherOn(plc);
  cone.cssMm = plc.setpoints.coneCssMm;
  const hasRoom = chamberRoom(cone) > 0;
  jaw.isRunning = isOn && hasRoom; // it must not bury the belt, which stands still while the cone is full
  jawBelt.isRunning = isOn && hasRoom;
  cone.isRunning = isOn;
  belt.isRunning = plc.hasPower && (isOn || plc.crushingIdleS < 600);
  const rate = isCrushing(plc) ? plc.setpoints.crushingTPerH : 0;
  const there = wetMass(rom);
  take(rom, there > 0 ? Math.min(1, Math.min(rate * STEP_H, chamberRoom(jaw)) / there) : 0, romFeed);
  assessCrusher(jaw, JAW_CSS_MM);
  assessCrusher(cone, CONE_USUAL_CSS_MM);
  transfer(rom, jaw.chamber, romFeed);
  unload(jawBelt);
  unload(belt);
  deposit(cone.chamber, jawBelt.arriving);
  withdraw(jaw.chamber, jaw.product);
  load(jawBelt, jaw.product);
  withdraw(cone.chamber, cone.product);
  load(belt, cone.product);
  const arrived = belt.arriving;
  arrived[O_F80] = at(arrived, O_SOLIDS) * coneP80Mm(cone.cssMm);
  fill(fineOre, arrived);
  book(ledger, STREAM["crushed-ore"], at(arrived, O_SOLIDS), at(arrived, O_WATER), oreGold(arrived), STEP_H);
}

/** Draws a second's feed from the fine ore bin; its class fractions follow the F80. */
export function drawFeed(units: Units, plc: Plc, ledger: Ledger): void {
  const { feed, fineOre } = units;
  const wanted = plc.motors.feeder.isRunning ? plc.setpoints.feedTPerH * plc.feederTrim : 0;
  feed.beltMPerS = plc.motors.feeder.isRunning ? FEEDER_M_PER_S * feed.grip : 0;
  const gate = Math.min(feed.gateDryTPerH * FEED_WET_PER_DRY, 3.6 * FEEDER_LOAD_MAX * feed.beltMPerS);
  draw(fineOre, Math.min(wanted, gate) * STEP_H, feed.drawn);
  const solids = at(feed.drawn, O_SOLIDS);
  feed.wetTPerH = wetMass(feed.drawn) / STEP_H;
  feed.dryTPerH = solids / STEP_H;
  book(ledger, STREAM["mill-feed"], solids, at(feed.drawn, O_WATER), oreGold(feed.drawn), STEP_H);
  if (solids <= 0) return;
  const f80Um = (1000 * at(feed.drawn, O_F80)) / solids;
  if (Math.abs(f80Um - feed.f80Um) < F80_STEP_UM) return;
  feed.f80Um = f80Um;
  feed.fractions = crushedFractions(f80Um);
}

/** kg per metre of the weigh-feeder's belt. */
export function feederLoad({ feed }: Units): number {
  return feed.beltMPerS > 0 ? feed.wetTPerH / 3.6 / feed.beltMPerS : 0;
}
