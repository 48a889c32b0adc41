import { expect, test } from "vitest";
import { FAULTS } from "../../../simulators/faults/catalogue.ts";
import { LABORATORY_FAULTS } from "../../../simulators/laboratory/faults.ts";
import { SETPOINTS } from "../../../simulators/plant/setpoints.ts";
import { UPSETS } from "../../../simulators/plant/upsets.ts";
import { FAULTS_IN_SPANISH, SETPOINTS_IN_SPANISH } from "../../../src/web/i18n/simulator-faults.ts";

test("every fault and every setpoint of the simulators has its Spanish, and nothing else has", () => {
  const faults = [FAULTS, UPSETS, LABORATORY_FAULTS].flatMap((group) => Object.keys(group));
  expect(Object.keys(FAULTS_IN_SPANISH).toSorted()).toEqual(faults.toSorted());
  expect(Object.keys(SETPOINTS_IN_SPANISH).toSorted()).toEqual(Object.keys(SETPOINTS).toSorted());
});

test("no two faults have the same name", () => {
  const names = Object.values(FAULTS_IN_SPANISH).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
