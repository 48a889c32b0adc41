/** The floors of the house. A file may import its own folder and lower floors; rooms on one floor never import each other. */
const ROOMS = "drivers|conditioning|metallurgy|alarms|store|outputs|http|security";
const PURE_ROOMS = "conditioning|metallurgy|alarms";
const PROTOCOLS = "modbus|opcua";

export default {
  forbidden: [
    {
      name: "domain-imports-nothing",
      severity: "error",
      from: { path: "^src/domain/" },
      to: { pathNot: "^src/domain/" },
    },
    {
      name: "config-imports-domain-typebox-yaml",
      severity: "error",
      from: { path: "^src/config/" },
      to: {
        pathNot: "^src/(domain|config)/|^node_modules/(typebox|yaml)/|^(node:)?(fs|path|url|fs/promises)$",
      },
    },
    {
      name: "rooms-are-strangers",
      severity: "error",
      from: { path: `^src/(${ROOMS})/` },
      to: { path: "^(src|simulators|test)/", pathNot: ["^src/domain/", "^src/config/", "^src/$1/"] },
    },
    {
      name: "rooms-know-only-the-types-of-config",
      severity: "error",
      from: { path: `^src/(${ROOMS})/` },
      to: { path: "^src/config/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "protocols-are-strangers",
      severity: "error",
      from: { path: `^src/drivers/(${PROTOCOLS})/` },
      to: { path: `^src/drivers/(${PROTOCOLS})/`, pathNot: "^src/drivers/$1/" },
    },
    {
      name: "pure-rooms-touch-no-machine",
      severity: "error",
      from: { path: `^src/(${PURE_ROOMS})/` },
      to: { dependencyTypes: ["core", "npm"], pathNot: "^node_modules/ml-matrix/|^node_modules/jsep/" },
    },
    {
      name: "gateway-is-below-the-commands",
      severity: "error",
      from: { path: "^src/gateway/" },
      to: { path: "^src/(cli|main)|^simulators/" },
    },
    {
      name: "web-knows-only-domain-types",
      severity: "error",
      from: { path: "^src/web/" },
      to: { path: "^(src|simulators)/", pathNot: ["^src/web/", "^src/domain/"] },
    },
    {
      name: "simulators-never-see-the-gateway",
      severity: "error",
      from: { path: "^simulators/" },
      to: { path: "^src/", pathNot: "^src/(domain|config)/" },
    },
    {
      name: "nothing-imports-test",
      severity: "error",
      from: { pathNot: "^test/|[.]config[.]ts$" },
      to: { path: "^test/" },
    },
    {
      name: "node-opcua-behind-its-wall",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/drivers/opcua/" },
      to: { path: "^node_modules/node-opcua" },
    },
    {
      name: "modbus-serial-behind-its-wall",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/drivers/modbus/" },
      to: { path: "^node_modules/modbus-serial" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unlisted-packages",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    parser: "swc",
    moduleSystems: ["es6"],
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
    exclude: { path: "^(dist|coverage)/" },
  },
};
