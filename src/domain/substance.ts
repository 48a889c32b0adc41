/** What is balanced over a flowsheet. */
export const SUBSTANCES = ["solids", "water", "gold"] as const;
export type Substance = (typeof SUBSTANCES)[number];

/** Unit of what is measured and balanced of a substance. Gold of a stream with solids is told by its grade. */
export function unitOf(of: Substance, carries: readonly Substance[]): "t" | "m3" | "g/t" | "g" {
  if (of === "gold") return carries.includes("solids") ? "g/t" : "g";
  return of === "solids" ? "t" : "m3";
}
