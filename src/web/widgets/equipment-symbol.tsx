import type { EquipmentKind } from "../../domain/equipment.ts";

/** Plain outlines, no motion and no depth: 44 by 30. */
const PATHS: Readonly<Record<EquipmentKind, string>> = {
  bin: "M6 2h32v12L26 28h-8L6 14z",
  feeder: "M3 8h38v8H3zM10 16v7M34 16v7",
  crusher: "M4 4h36L28 27H16z",
  screen: "M3 6l38 13v7L3 13z",
  conveyor: "M8 10h28a6 6 0 0 1 0 12H8a6 6 0 0 1 0-12z",
  mill: "M8 5h28v20H8zM2 11h6v8H2zM36 11h6v8h-6z",
  pump: "M20 5a11 11 0 1 0 .01 0zM20 5h20v7H30",
  cyclone: "M12 2h20v9l-8 17h-4l-8-17z",
  concentrator: "M6 4h32L28 27H16zM22 4v23",
  tank: "M6 3h32v25H6z",
  thickener: "M2 6h40v6L22 28 2 12z",
  reactor: "M10 2h24v17q0 9-12 9t-12-9z",
  column: "M17 1h10q5 0 5 5v18q0 5-5 5H17q-5 0-5-5V6q0-5 5-5z",
  heater: "M3 9h38v12H3zM3 13h38M3 17h38",
  cell: "M3 5h38v21H3zM13 5v14M22 5v14M31 5v14",
  dam: "M2 26L15 6h27v20z",
  compressor: "M22 3a12 12 0 1 0 .01 0zM13 7l19 5M13 23l19-5",
  generator: "M22 3a12 12 0 1 0 .01 0zM15 16q3.5-8 7 0t7 0",
  other: "M6 5h32v20H6z",
};

export type RunState = "running" | "stopped" | "unknown" | "none";

interface SymbolProps {
  readonly kind: EquipmentKind;
  readonly state: RunState;
}

/** Running is filled lighter, stopped is outlined darker; the word beside it says the same. */
export function EquipmentSymbol({ kind, state }: SymbolProps) {
  return (
    <svg class={`equipment-symbol ${state}`} viewBox="0 0 44 30" aria-hidden="true">
      <path d={PATHS[kind]} />
    </svg>
  );
}
