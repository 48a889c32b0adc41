/** The tag list of the Puma plant as its families: ids, unit, range, first address. Written apart from the profiles, so that
 *  a slip in one of them shows. Registers follow each other by the width of the type. */
export type Family = readonly [
  ids: string,
  unit: string | null,
  low: number | null,
  high: number | null,
  first: number,
];

export const crushingFloats: readonly Family[] = [
  ["LT-101", "%", 0, 100, 0],
  ["ST-102", "Hz", 0, 60, 2],
  ["IT-103 IT-106 IT-107", "A", 0, 80, 4],
  ["JT-103 JT-107", "kW", 0, 55, 10],
  ["VT-103", "mm/s", 0, 25, 14],
  ["TT-103", "Cel", 0, 120, 16],
  ["LT-104 LT-108", "%", 0, 100, 18],
  ["WIT-105", "t/h", 0, 20, 22],
  ["ST-105", "m/s", 0, 2, 24],
  ["ZT-107", "mm", 5, 25, 28],
  ["PT-107", "kPa", 0, 10_000, 30],
  ["TT-107", "Cel", 0, 100, 32],
  ["FT-107", "L/min", 0, 60, 34],
  ["LT-109", "%", 0, 100, 36],
];

export const crushingBits = "XS-103 XS-105 XS-106 XS-107 ME-110 HS-199 FSL-107 SSL-105";

export const grindingFloats: readonly Family[] = [
  ["MT-201", "%", 0, 15, 100],
  ["FT-202", "m3/h", 0, 5, 102],
  ["IT-203 IT-204", "A", 0, 100, 104],
  ["ST-203 ST-204", "/min", 0, 35, 108],
  ["PT-203 PT-204", "kPa", 0, 5000, 112],
  ["PT-203C PT-204C", "kPa", 0, 400, 116],
  ["TT-203A TT-203B TT-204A TT-204B", "Cel", 0, 100, 120],
  ["AT-203 AT-204", "%", 0, 100, 128],
  ["LT-205", "%", 0, 100, 132],
  ["FT-205", "m3/h", 0, 6, 134],
  ["ST-206", "%", 0, 100, 136],
  ["IT-206", "A", 0, 40, 138],
  ["FT-207", "m3/h", 0, 40, 140],
  ["DT-207", "t/m3", 1, 2.2, 142],
  ["PT-207", "kPa", 0, 250, 144],
  ["FT-208", "m3/h", 0, 15, 146],
  ["DT-208", "t/m3", 1, 1.8, 148],
  ["DT-209", "t/m3", 1, 2.4, 150],
  ["AT-208", "um", 40, 250, 152],
  ["FV-301", "%", 0, 100, 154],
  ["FT-301", "m3/h", 0, 6, 156],
  ["FT-302", "m3/h", 0, 6, 158],
  ["PT-302", "kPa", 0, 300, 160],
  ["ST-302", "/min", 0, 1500, 162],
  ["IT-302", "A", 0, 30, 164],
  ["VT-302", "mm/s", 0, 20, 166],
  ["KI-302", "min", 0, 180, 168],
  ["WT-303", "kg", 0, 500, 170],
  ["LT-304", "%", 0, 100, 172],
  ["TT-304", "Cel", 0, 80, 174],
  ["AT-304", "g{NaCN}/L", 0, 30, 176],
];

export const grindingBits = "XS-201 XS-203 XS-204 XS-206 XA-201 XA-203 XA-204 XA-206";

export const utilitiesCounts: readonly Family[] = [
  ["WIT-603", "kg/h", 0, 15, 200],
  ["LT-603 LT-604", "%", 0, 100, 201],
  ["FT-604", "L/h", 0, 80, 203],
  ["LT-606", "%", 0, 100, 204],
  ["FT-606", "L/h", 0, 10, 205],
  ["LT-701", "%", 0, 100, 206],
  ["AT-701", "[pH]", 0, 14, 207],
  ["AT-702", "mV", -500, 500, 208],
  ["AT-703", "mg{CN}/L", 0, 200, 209],
  ["AT-704", "mg/L", 0, 20, 210],
  ["FT-705", "m3/h", 0, 15, 211],
  ["DT-705", "t/m3", 1, 1.8, 212],
  ["IT-706", "%", 0, 100, 213],
  ["LT-706", "m", 0, 4, 214],
  ["DT-707", "t/m3", 1, 2, 215],
  ["FT-708", "m3/h", 0, 10, 216],
  ["LT-709", "m", 0, 5, 217],
  ["PZ-710A PZ-710B", "kPa", 0, 200, 218],
  ["FT-711", "m3/h", 0, 8, 220],
  ["LT-801 LT-802", "%", 0, 100, 221],
  ["FT-803", "m3/h", 0, 8, 223],
  ["PT-804", "kPa", 0, 600, 224],
  ["PT-805", "kPa", 0, 1000, 225],
  ["FT-806", "m3/h", 0, 200, 226],
  ["TT-820", "Cel", -10, 50, 227],
];

export const meters: readonly Family[] = [
  ["JT-203", "kW", 0, 60, 52],
  ["JT-204", "kW", 0, 60, 52],
  ["JT-810", "kW", 0, 500, 52],
  ["PFT-810", "1", 0, 1, 62],
  ["FT-810", "Hz", 55, 65, 70],
  ["JQ-203", "kW.h", null, null, 72],
  ["JQ-204", "kW.h", null, null, 72],
  ["JQ-810", "kW.h", null, null, 72],
];

/** OPC UA has no addresses; the node is the tag. */
export const leachFloats: readonly (readonly [ids: string, unit: string, low: number, high: number])[] = [
  ["LT-401 LT-402 LT-403 LT-404 LT-405 LT-406 LT-407", "%", 0, 100],
  ["AT-401A AT-401D AT-403A AT-405A AT-407A", "[pH]", 0, 14],
  ["AT-401B AT-402B AT-404B AT-406B", "mg/L", 0, 20],
  ["AT-401C AT-403C AT-407C", "mg{NaCN}/L", 0, 1000],
  ["IT-401 IT-402 IT-403 IT-404 IT-405 IT-406 IT-407", "A", 0, 30],
  ["LDT-403 LDT-404 LDT-405 LDT-406 LDT-407", "mm", 0, 500],
  ["FT-410", "m3/h", 0, 200],
  ["PT-410", "kPa", 0, 300],
  ["FT-420", "m3/h", 0, 10],
  ["AT-491 AT-492 AT-493 AT-494", "[ppm]", 0, 50],
  ["TT-501", "Cel", 0, 160],
  ["PT-501", "kPa", 0, 600],
  ["FT-501", "m3/h", 0, 5],
  ["LT-502", "%", 0, 100],
  ["IT-503", "A", 0, 1000],
  ["ET-503", "V", 0, 10],
  ["TT-505", "Cel", 0, 900],
  ["LT-601 LT-602 ST-602", "%", 0, 100],
  ["FT-602", "L/h", 0, 60],
];

export const leachBits =
  "XS-401 XS-402 XS-403 XS-404 XS-405 XS-406 XS-407 XS-423 XS-424 XS-425 XS-426 XS-427 XS-602 XS-602P LDH-601 XS-605";
