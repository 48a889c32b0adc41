import { unitOf } from "../../src/domain/unit.ts";

/** EUInformation of OPC 10000-8, 5.6.4: unit id from the UNECE common code, −1 where the list has none. */
export interface EngineeringUnits {
  readonly namespaceUri: string;
  readonly unitId: number;
  readonly displayName: string;
  readonly description: string;
}

const UNECE_NAMESPACE = "http://www.opcfoundation.org/UA/units/un/cefact";

export function engineeringUnits(ucum: string): EngineeringUnits {
  const unit = unitOf(ucum);
  const unece = unit?.unece ?? null;
  return {
    namespaceUri: UNECE_NAMESPACE,
    unitId: unece === null ? -1 : unitIdOf(unece),
    displayName: unit?.symbol ?? ucum,
    description: ucum,
  };
}

/** The characters of the code as the bytes of an integer, the first the most significant. */
function unitIdOf(commonCode: string): number {
  return Buffer.from(commonCode, "latin1").reduce((id, byte) => (id << 8) | byte, 0);
}
