/** What is printed for each bad plant file of the folder `faults`, word for word. */
export const plantFaults: Readonly<Record<string, readonly string[]>> = {
  "alarms.yaml": [
    "alarms.yaml:8:15 alarms.kW.H.on: the plant has no tag, metric or assay kw; did you mean `kW`?",
    "alarms.yaml:9:37 alarms.kW.HH.limit: kW goes from 0 to 10 and never passes 12",
    "alarms.yaml:9:69 alarms.kW.HH.timeToRespond: with more than 30 min to respond the priority is lower than 2",
    "alarms.yaml:10:35 alarms.kW.L.limit: must be more than 9.5, the limit of kW.LL on kW",
    "alarms.yaml:10:38 alarms.kW.L.band: an alarm of type L has no band",
    "alarms.yaml:12:3 alarms.none: the key `limit` is missing; an alarm of type H needs it",
    "alarms.yaml:13:36 alarms.share.limit: a percentage needs a `reference` that it is reckoned from",
    "alarms.yaml:14:56 alarms.dev.reference: the plant has no tag, metric or assay kVA",
    "alarms.yaml:15:40 alarms.band.band: kW goes from 0 to 10 and is never outside",
    "alarms.yaml:16:24 alarms.bit.type: kW is of type float32; on and off are for a bool",
    "alarms.yaml:16:47 alarms.bit.when: the plant has no tag off",
    "alarms.yaml:17:3 alarms.family: the alarms of a list are named after its members and what stands behind the dot of this name: give it one, such as HCN.HH",
    "alarms.yaml:18:15 alarms.dead.on: the plant has no device D2; did you mean `D1`?",
    "alarms.yaml:18:56 alarms.dead.follows: only an alarm of a `group` can follow another",
    "alarms.yaml:19:15 alarms.beat.on: the plant has no tag, metric or assay D1",
    "alarms.yaml:19:64 alarms.beat.when: say what on must be above, below, or between",
    "alarms.yaml:20:3 alarms.why: the key `consequence` is missing; it must be a text of 1 to 200 characters",
    "alarms.yaml:20:3 alarms.why: the key `response` is missing; it must be a text of 1 to 200 characters",
    "alarms.yaml:20:34 alarms.why.limit: must be more than 9, the limit of kW.L on kW",
    "alarms.yaml:20:47 alarms.why.priority: must be a whole number from 1 to 4, not 5",
    "alarms.yaml:21:3 alarms.all.H: the alarm kW.H comes from kW.H already",
  ],
  "anchor-bomb.yaml": [
    "anchor-bomb.yaml:1:1 (document): anchors are used within anchors too often; write the values out",
  ],
  "bad-duration.yaml": [
    'bad-duration.yaml:2:22 scanClasses.fast: must be a duration such as 250ms, 1s or 10m, not "1 second"',
  ],
  "bad-name.yaml": [
    "bad-name.yaml:6:3 devices.D/1: must be a name of at most 64 letters, digits, dots, colons, hyphens and underscores that starts with a letter or digit",
  ],
  "duplicate-key.yaml": ["duplicate-key.yaml:5:1 scanClasses: the key `scanClasses` is given twice"],
  "empty-section.yaml": [
    "empty-section.yaml:3:13 connections: must be a map of at least one connection, not nothing",
  ],
  "empty.yaml": ["empty.yaml:1:1 (document): must be a map, not nothing"],
  "history-unkept.yaml": [
    "history-unkept.yaml:7:22 data.historyDays: the metrics of this plant are computed from its history, so that it has to keep one; write at least the days over which figures may still change, or take `metrics` out",
  ],
  "influx-bucket.yaml": [
    "influx-bucket.yaml:7:12 outputs.influx: the key `bucket` is missing; InfluxDB 2 needs it",
  ],
  "influx-database.yaml": [
    "influx-database.yaml:7:12 outputs.influx: the key `database` is missing; InfluxDB 1 needs it",
  ],
  "influx-tls.yaml": ["influx-tls.yaml:7:68 outputs.influx.tls: the address is not reached by https"],
  "listeners-open.yaml": [
    "listeners-open.yaml:8:17 broker.host: without accounts there are no tokens, and the broker serves this machine only: host must be 127.0.0.1, not 0.0.0.0",
  ],
  "listeners-plain.yaml": [
    "listeners-plain.yaml:7:15 http.host: passwords and readings would reach other machines unencrypted: add tls: generated, or tls: { cert: FILE, key: FILE }; behind a reverse proxy on this machine keep host: 127.0.0.1; plaintext: true allows it all the same",
    "listeners-plain.yaml:8:17 broker.host: readings would reach other machines unencrypted: add tls: generated, or tls: { cert: FILE, key: FILE }; plaintext: true allows it all the same",
  ],
  "listeners-tls.yaml": [
    'listeners-tls.yaml:7:29 http.tls: must be `generated`, or a map of files such as { cert: page.pem, key: page.key }, not "selfsigned"',
    'listeners-tls.yaml:7:74 http.trustedProxies: must be a list of IP addresses or networks such as [10.0.0.5, 10.1.0.0/16], not ["10.0.0.0/0"]',
    "listeners-tls.yaml:8:26 broker.tls: the key `key` is missing; it must be a text",
  ],
  "listeners-twice.yaml": [
    "listeners-twice.yaml:7:40 http.plaintext: with tls nothing is plain: leave one of the two out",
    "listeners-twice.yaml:8:27 broker.plaintext: with tls nothing is plain: leave one of the two out",
  ],
  "many.yaml": [
    'many.yaml:1:51 plant.timeZone: must be a time zone of the IANA list such as America/Lima, not "Lima"',
    "many.yaml:4:50 connections.line.prot: the key `prot` is unknown here; did you mean `port`?",
    "many.yaml:6:3 devices.D1: the key `unit` is missing; a Modbus device has one",
    "many.yaml:8:36 devices.D3.connection: there is no connection lime; did you mean `line`?",
    'many.yaml:9:25 outputs.mqtt.url: must be a broker\'s address such as mqtt://host:1883; mqtts, ws and wss are possible too, not "tcp://127.0.0.1"',
    "many.yaml:10:31 http.auth: without accounts the page is served to this machine only: host must be 127.0.0.1, not 10.0.0.1",
    "profiles/overlap.yaml:6:43 tags.B.address: registers 11 to 12 overlap those of A (a float32 at 10 to 11)",
  ],
  "missing-key.yaml": [
    "missing-key.yaml:1:1 plant: the key `title` is missing; it must be a text of 1 to 200 characters",
  ],
  "missing-section.yaml": [
    "missing-section.yaml:1:1 (document): the key `scanClasses` is missing; it must be a map from scan classes to periods such as { fast: 1s, slow: 10s }",
  ],
  "mqtt-options.yaml": [
    "mqtt-options.yaml:9:36 outputs.mqtt.urls: give either url or urls, not both",
    "mqtt-options.yaml:10:23 outputs.open.url: passwords and readings would travel unencrypted to another machine: use mqtts or wss, or say plaintext: true",
    "mqtt-options.yaml:11:23 outputs.some.urls: passwords and readings would travel unencrypted to another machine: use mqtts or wss, or say plaintext: true",
    "mqtt-options.yaml:12:29 outputs.none.urls: must be a list of one to eight brokers' addresses, not []",
    "mqtt-options.yaml:13:49 outputs.bare.tls: none of the brokers is reached by mqtts or wss",
    "mqtt-options.yaml:14:41 outputs.half.tls: cert and key belong together: one is missing",
    "mqtt-options.yaml:15:41 outputs.host.primaryHost: only the format sparkplug knows a primary host",
    'mqtt-options.yaml:16:49 outputs.form.format: must be one of json, sparkplug, not "sparkplugb"; did you mean `sparkplug`?',
    "mqtt-options.yaml:17:41 outputs.node.format: Sparkplug hosts may take D1 and d1 for one name: only capitals tell them apart",
    'mqtt-options.yaml:17:73 outputs.node.primaryHost: must be a name of at most 64 letters, digits, dots, colons, hyphens and underscores that starts with a letter or digit, not "a/b"',
  ],
  "mqtt-scheme.yaml": [
    'mqtt-scheme.yaml:7:25 outputs.mqtt.url: must be a broker\'s address such as mqtt://host:1883; mqtts, ws and wss are possible too, not "http://127.0.0.1:1883"',
  ],
  "not-a-map.yaml": ['not-a-map.yaml:1:1 (document): must be a map, not ["a","b"]'],
  "opcua-security.yaml": [
    'opcua-security.yaml:4:86 connections.line.security.policy: must be one of Basic256Sha256, Aes128_Sha256_RsaOaep, Aes256_Sha256_RsaPss, not "None"',
  ],
  "open-page.yaml": [
    "open-page.yaml:7:30 http.auth: without accounts the page is served to this machine only: host must be 127.0.0.1, not 0.0.0.0",
  ],
  "pages.yaml": [
    "pages.yaml:6:62 equipment.G1.running: the plant has no tag XS-1",
    "pages.yaml:6:68 equipment.G1.tags.1: the plant has no tag kWx; did you mean `kW`?",
    "pages.yaml:6:85 equipment.G1.to.0: the plant has no equipment G9; did you mean `G1` or `G2` or `G3`?",
    'pages.yaml:7:38 equipment.G2.kind: must be one of bin, feeder, crusher, screen, conveyor, mill, pump, cyclone, concentrator, tank, thickener, reactor, column, heater, cell, dam, compressor, generator, other, not "rocket"',
    "pages.yaml:7:50 equipment.G2.at: G1 stands there in the drawing of a",
    "pages.yaml:8:49 equipment.G3.at: G2 stands there in the drawing of a",
    "pages.yaml:10:12 overview.areas.a.1: the plant has no tag nothing",
    "pages.yaml:11:20 overview.counters.kWj: the plant has no tag kWj; did you mean `kW`?",
    "pages.yaml:12:3 overview.assays.0: the plant has no sampling point AY-1",
    "pages.yaml:13:22 overview.figures.energy: the plant has no metric energy",
  ],
  "flowsheet.yaml": [
    "flowsheet.yaml:10:51 flowsheet.streams.F.water: the plant has no metric fed; did you mean `feed`?",
    "flowsheet.yaml:11:30 flowsheet.streams.C.solids: the stream does not carry solids",
    'flowsheet.yaml:12:39 flowsheet.streams.D.carries: must be a list of solids, water, gold, not ["silver"]',
  ],
  "output-type.yaml": [
    "output-type.yaml:7:12 outputs.other: the key `type` is missing; it is one of mqtt, influx",
  ],
  "override-of-a-bit.yaml": [
    "override-of-a-bit.yaml:6:88 devices.D1.tags.on.deadband: a state, a bit or a text has no deadband",
  ],
  "plan.yaml": [
    "plan.yaml:8:3 plan.enrgy: the plant has no metric enrgy; did you mean `energy`?",
    "plan.yaml:9:23 plan.energy.day: energy is not told by the day",
    'plan.yaml:10:27 plan.energy.total.better: must be one of higher, lower, not "faster"',
  ],
  "protocol-mismatch.yaml": [
    "protocol-mismatch.yaml:6:36 devices.D1.connection: the profile speaks opcua and the connection line speaks modbus-tcp",
  ],
  "protocol-missing.yaml": [
    "protocol-missing.yaml:4:3 connections.line: the key `protocol` is missing; it is one of modbus-tcp, modbus-rtu, modbus-rtu-over-tcp, opcua",
  ],
  "protocol-unknown.yaml": [
    'protocol-unknown.yaml:4:21 connections.line.protocol: must be one of modbus-tcp, modbus-rtu, modbus-rtu-over-tcp, opcua, not "modbus-tpc"; did you mean `modbus-tcp` or `modbus-rtu`?',
  ],
  "prototype-key.yaml": [
    "prototype-key.yaml:6:3 devices.__proto__: must be a name of at most 64 letters, digits, dots, colons, hyphens and underscores that starts with a letter or digit",
  ],
  "run-bit-type.yaml": [
    "run-bit-type.yaml:6:107 devices.D1.tags.kW.stuckWhile: kW is of type float32; a run bit is a bool",
  ],
  "run-bit-unknown.yaml": [
    "run-bit-unknown.yaml:6:107 devices.D1.tags.kW.stuckWhile: the plant has no tag onn; did you mean `on`?",
  ],
  "run-bit-without-time.yaml": [
    "run-bit-without-time.yaml:6:90 devices.D1.tags.kW.stuckWhile: `stuckWhile` needs `stuckAfter`, for how long the value must not change",
  ],
  "same-device.yaml": [
    "same-device.yaml:7:3 devices.D2: D1 reads kW of this profile on line, unit 1 already",
  ],
  "same-instrument.yaml": [
    "same-instrument.yaml:8:25 instruments.kW.sameAs: the plant has no tag kWx; did you mean `kW`?",
    "same-instrument.yaml:9:17 instruments.on.sameAs: on has a `sameAs` of its own; name the tag that all share",
  ],
  "error-of-nothing.yaml": [
    "error-of-nothing.yaml:14:37 metrics.charge.inputs.fill.errorOf: only a constant with an `sd` has an error: leave it out",
  ],
  "same-names.yaml": [
    "same-names.yaml:7:3 devices.D2: D1 has the tags kW, on already; give this device a `prefix` or rename them under `tags`",
  ],
  "same-renamed.yaml": ["same-renamed.yaml:7:76 devices.D2.tags.kW: the tag JT-1 is one of D1 already"],
  "secret-missing.yaml": [
    "secret-missing.yaml:7:25 outputs.mqtt.url: the environment variable BROKER_HOST is not set",
    "secret-missing.yaml:7:60 outputs.mqtt.password: the secret's file no-such-file cannot be read or is empty",
  ],
  "secret-wrong.yaml": [
    "secret-wrong.yaml:7:25 outputs.mqtt.url: must be a broker's address such as mqtt://host:1883; mqtts, ws and wss are possible too",
  ],
  "group-commit.yaml": [
    'group-commit.yaml:7:22 data.groupCommit: must be a duration from 1ms to 100ms, not "250ms"',
  ],
  "serial-port-twice.yaml": [
    "serial-port-twice.yaml:5:40 connections.other.path: line opens this serial port already; let its devices share that connection",
  ],
  "shift-time.yaml": [
    'shift-time.yaml:1:87 plant.shifts.night: must be a local time in quotes such as "07:00", not "25:00"',
  ],
  "size.yaml": ['size.yaml:7:19 data.spoolMax: must be a size such as 512MiB or 1GiB, not "1GB"'],
  "stuck-too-soon.yaml": [
    "stuck-too-soon.yaml:6:90 devices.D1.tags.kW.stuckAfter: must be at least 3s, three scans of 1s, not 2s",
  ],
  "syntax.yaml": [
    "syntax.yaml:2:1 (document): this is not YAML: Flow map in block collection must be sufficiently indented and end with a }",
    "syntax.yaml:3:1 (document): this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  "time-zone.yaml": [
    'time-zone.yaml:1:51 plant.timeZone: must be a time zone of the IANA list such as America/Lima, not "America/Limma"',
  ],
  "two-documents.yaml": [
    "two-documents.yaml:7:1 (document): a second YAML document starts here; a file holds one",
  ],
  "unit-id-missing.yaml": [
    "unit-id-missing.yaml:6:3 devices.D1: the key `unit` is missing; a Modbus device has one",
  ],
  "unit-id-opcua.yaml": ["unit-id-opcua.yaml:6:42 devices.D1.unit: an OPC UA device has no unit id"],
  "unit-id-range.yaml": [
    "unit-id-range.yaml:6:49 devices.D1.unit: must be a whole number from 0 to 255, not 256",
  ],
  "unit-id-serial.yaml": [
    "unit-id-serial.yaml:6:49 devices.D1.unit: must be 1 to 247 on a serial line, not 248",
  ],
  "unknown-anchor.yaml": ["unknown-anchor.yaml:6:49 (document): the anchor `&one` is not set anywhere above"],
  "unknown-connection.yaml": [
    "unknown-connection.yaml:6:37 devices.D1.connection: there is no connection lien; did you mean `line`?",
  ],
  "unknown-key.yaml": [
    "unknown-key.yaml:6:52 devices.D1.adress: the key `adress` is unknown here; possible are profile, connection, unit, area, title, prefix, tags",
  ],
  "unknown-profile.yaml": [
    "unknown-profile.yaml:6:18 devices.D1.profile: there is no profile metre; did you mean `meter`?",
  ],
  "unknown-scan-class.yaml": [
    "profiles/meter.yaml:5:98 tags.kW.scan: the plant file has no scan class fast; there are slow",
    "profiles/meter.yaml:6:68 tags.on.scan: the plant file has no scan class fast; there are slow",
  ],
  "unknown-section.yaml": [
    "unknown-section.yaml:7:1 telemetry: the key `telemetry` is unknown here; possible are plant, scanClasses, connections, devices, outputs, broker, data, http, texts, metrics, flowsheet, assays, instruments, laboratory, plan, alarms, equipment, overview, writes",
  ],
  "unknown-selected-tag.yaml": [
    "unknown-selected-tag.yaml:6:72 devices.D1.tags.KW: the profile meter has no tag KW; did you mean `kW`?",
  ],
  "writes.yaml": [
    "writes.yaml:8:20 outputs.mqtt.commands: only the format sparkplug takes commands",
    "writes.yaml:10:3 writes.PT-1: PT-1 belongs to an interlock and can never be written: the alarm TRIP.H is one of the chain trips",
    "writes.yaml:11:3 writes.PT-1.SP: PT-1.SP belongs to an interlock and can never be written: the alarm TRIP.H of the chain trips is reckoned from it",
    "writes.yaml:12:3 writes.XS-2: XS-2 belongs to an interlock and can never be written: its name says so (ISA-5.1)",
    "writes.yaml:13:3 writes.FIC-3.SP: FIC-3.SP belongs to an interlock and can never be written: it is the condition under which FIC-4.SP may be written",
    "writes.yaml:14:3 writes.FIC-4.SP: the key `range` is missing; a number is written only within one",
    "writes.yaml:14:21 writes.FIC-4.SP.when: FIC-3.SP is of type float32; a condition is a bool",
    "writes.yaml:15:3 writes.FIC-5.SP: FIC-5.SP belongs to an interlock and can never be written: it is the condition under which FIC-5.SP may be written",
    "writes.yaml:15:37 writes.FIC-5.SP.when: FIC-5.SP cannot be its own condition",
    'writes.yaml:15:53 writes.FIC-5.SP.rate: must be a number of writes in a time such as 5/min, not "often"',
    "writes.yaml:16:3 writes.FT-6: FT-6 is an input register, which cannot be written",
    'writes.yaml:16:33 writes.FT-6.role: must be one of operator, engineer, admin, not "viewer"',
    "writes.yaml:17:18 writes.HC-7.range: HC-7 is a bool and has no range",
    "writes.yaml:17:32 writes.HC-7.when: the plant has no tag HC-8; did you mean `HC-7`?",
    "writes.yaml:18:3 writes.NAME: NAME is a text, and texts are not written",
    "writes.yaml:19:3 writes.FQ-9: FQ-9 is a counter, and counters are not written",
    "writes.yaml:20:3 writes.WORD: WORD can never be written: it shares a register or node with XA-10, which belongs to an interlock",
    "writes.yaml:21:3 writes.FIC-3.PS: the plant has no tag FIC-3.PS; did you mean `FIC-3.SP` or `FIC-4.SP` or `FIC-5.SP`?",
    "writes.yaml:22:23 writes.FIC-12.SP.range: FIC-12.SP goes from 0 to 10: no more may be written",
    "writes.yaml:23:3 writes.UC-11: UC-11 is one bit of a register: writing it would write the others as they were a moment ago",
  ],
  "wrong-type.yaml": [
    'wrong-type.yaml:6:49 devices.D1.unit: must be a whole number from 0 to 255, not "one"',
  ],
  "zero-duration.yaml": [
    'zero-duration.yaml:2:22 scanClasses.fast: must be a duration such as 250ms, 1s or 10m, not "0s"',
  ],
};

/** The same for each bad profile. */
export const profileFaults: Readonly<Record<string, readonly string[]>> = {
  "profiles/address-beyond.yaml": [
    "profiles/address-beyond.yaml:5:43 tags.A.address: must be a whole number from 0 to 65535, not 65536",
    "profiles/address-beyond.yaml:6:43 tags.B.address: the value would end at address 65536, beyond 65535",
  ],
  "profiles/bit-inside-a-number.yaml": [
    "profiles/bit-inside-a-number.yaml:6:43 tags.B.address: register 241 cannot be a part of A (a uint32 at 240 to 241) and hold the bit B too",
  ],
  "profiles/bit-missing.yaml": [
    "profiles/bit-missing.yaml:5:3 tags.A: a bool in a register needs `bit`, 0 for the least significant",
  ],
  "profiles/bit-of-a-coil.yaml": [
    "profiles/bit-of-a-coil.yaml:5:48 tags.A.bit: a coil is a bit already; leave `bit` out",
  ],
  "profiles/bit-of-a-number.yaml": [
    "profiles/bit-of-a-number.yaml:5:51 tags.A.bit: only a bool is one bit of a register, not a uint16",
  ],
  "profiles/bit-range.yaml": [
    "profiles/bit-range.yaml:5:51 tags.A.bit: must be a whole number from 0 to 15, not 16",
  ],
  "profiles/deadband-without-range.yaml": [
    "profiles/deadband-without-range.yaml:5:81 tags.A.deadband: a percentage needs `range`, which it is a part of",
  ],
  "profiles/duplicate-tag.yaml": ["profiles/duplicate-tag.yaml:6:3 tags.A: the key `A` is given twice"],
  "profiles/forbidden-order.yaml": [
    "profiles/forbidden-order.yaml:4:22 modbus.forbidden: must be a list of address ranges, both ends included, such as [[400, 499]], not [[499,400]]",
  ],
  "profiles/forbidden.yaml": [
    "profiles/forbidden.yaml:6:43 tags.A.address: the value lies in the forbidden range 400 to 499",
  ],
  "profiles/no-tags.yaml": ["profiles/no-tags.yaml:4:6 tags: must be a map of at least one tag, not nothing"],
  "profiles/node-id.yaml": [
    'profiles/node-id.yaml:5:24 tags.A.node: must be a node id such as "ns=3;s=LT-401", not "3:A"',
  ],
  "profiles/normal-beyond-range.yaml": [
    "profiles/normal-beyond-range.yaml:5:95 tags.A.normal: the normal band goes beyond the range from 0 to 50",
  ],
  "profiles/normal-without-range.yaml": [
    "profiles/normal-without-range.yaml:5:79 tags.A.normal: a normal band needs `range`, which it is a part of",
    "profiles/normal-without-range.yaml:6:63 tags.B.normal: a state, a bit or a text has no normal",
  ],
  "profiles/other-name.yaml": [
    "profiles/other-name.yaml:1:10 profile: must be other-name, as the file is called, not same-name",
  ],
  "profiles/overlap-other-type.yaml": [
    "profiles/overlap-other-type.yaml:6:43 tags.B.address: registers 10 to 11 overlap those of A (a float32 at 10 to 11)",
  ],
  "profiles/overlap.yaml": [
    "profiles/overlap.yaml:6:43 tags.B.address: registers 11 to 12 overlap those of A (a float32 at 10 to 11)",
  ],
  "profiles/range-of-a-state.yaml": [
    "profiles/range-of-a-state.yaml:5:79 tags.A.values.one: must be a whole number: the state that the word stands for",
    "profiles/range-of-a-state.yaml:5:98 tags.A.range: a state, a bit or a text has no range",
  ],
  "profiles/range-order.yaml": [
    "profiles/range-order.yaml:5:78 tags.A.range: must be two numbers, the lower one first, such as [0, 100], not [10,0]",
  ],
  "profiles/raw-range-alone.yaml": [
    "profiles/raw-range-alone.yaml:5:3 tags.A: `rawRange` needs `range`, the engineering values that the two counts stand for",
  ],
  "profiles/raw-range-and-scale.yaml": [
    "profiles/raw-range-and-scale.yaml:5:113 tags.A.scale: `rawRange` and `range` already give the scale",
  ],
  "profiles/rollover.yaml": [
    "profiles/rollover.yaml:5:70 tags.A.rollover: a uint16 starts again at 65536 already",
    "profiles/rollover.yaml:6:80 tags.B.rollover: a float32 does not roll over; only whole numbers do",
  ],
  "profiles/same-bit.yaml": [
    "profiles/same-bit.yaml:6:51 tags.B.bit: A is bit 3 of register 9 already",
    "profiles/same-bit.yaml:8:44 tags.D.address: C is at address 9 of this table already",
  ],
  "profiles/scale-zero.yaml": [
    "profiles/scale-zero.yaml:5:76 tags.A.scale: must be a number other than 0, not 0",
  ],
  "profiles/signal-alone.yaml": [
    "profiles/signal-alone.yaml:5:67 tags.A.signal: a current loop needs `rawRange`, the counts at 4 mA and at 20 mA",
  ],
  "profiles/string-length.yaml": [
    "profiles/string-length.yaml:5:3 tags.A: a string needs `length`, in registers of two characters",
    "profiles/string-length.yaml:6:68 tags.B.length: only a string has a length, not a uint16",
  ],
  "profiles/stuck-behind-deadband.yaml": [
    "profiles/stuck-behind-deadband.yaml:5:85 tags.A.stuckAfter: behind a deadband at the server an unchanged value is normal",
  ],
  "profiles/table-type.yaml": [
    "profiles/table-type.yaml:5:53 tags.A.type: a discrete input holds a bool, not a uint16",
  ],
  "profiles/too-wide.yaml": [
    "profiles/too-wide.yaml:6:52 tags.A.type: the value takes 4 registers and one request of this device only 2",
  ],
  "profiles/unit-missing.yaml": [
    'profiles/unit-missing.yaml:5:3 tags.A: the key `unit` is missing; a measured number needs one, "1" for a ratio',
    'profiles/unit-missing.yaml:6:3 tags.B: the key `unit` is missing; a measured number needs one, "1" for a ratio',
  ],
  "profiles/unit-of-a-state.yaml": [
    "profiles/unit-of-a-state.yaml:5:72 tags.A.unit: a state, a bit or a text has no unit",
  ],
  "profiles/unknown-key.yaml": [
    "profiles/unknown-key.yaml:5:34 tags.A.adress: the key `adress` is unknown here; did you mean `address`?",
    "profiles/unknown-key.yaml:5:71 tags.A.colour: the key `colour` is unknown here; possible are title, area, unit, range, normal, scale, offset, values, rollover, maxSilence, stuckAfter, stuckWhile, table, address, type, bit, length, wordOrder, rawRange, signal, deadband, scan",
  ],
  "profiles/unknown-unit.yaml": [
    'profiles/unknown-unit.yaml:5:67 tags.A.unit: must be a UCUM unit known here, not "kw"; did you mean `kW`?',
    'profiles/unknown-unit.yaml:6:67 tags.B.unit: must be a UCUM unit known here, not "°C"; did you mean `Cel`?',
    'profiles/unknown-unit.yaml:7:67 tags.C.unit: must be a UCUM unit known here, not "furlong"',
  ],
  "profiles/values-of-a-float.yaml": [
    "profiles/values-of-a-float.yaml:5:69 tags.A.values: the states of an enumeration are whole numbers, not a float32",
  ],
  "profiles/word-order-unknown.yaml": [
    'profiles/word-order-unknown.yaml:5:71 tags.A.wordOrder: must be one of ABCD, CDAB, BADC, DCBA, not "CDBA"; did you mean `CDAB` or `DCBA`?',
  ],
  "profiles/word-order.yaml": [
    "profiles/word-order.yaml:5:71 tags.A.wordOrder: a uint16 has one word, so a word order means nothing",
  ],
};
