import { FIGURE_SENTENCES } from "./figure-sentences.ts";
import { OUTPUT_SENTENCES } from "./output-sentences.ts";
import { PLANT_FILE_SENTENCES } from "./plant-file-sentences.ts";
import { REQUEST_SENTENCES } from "./request-sentences.ts";
import { SIMULATOR_SENTENCES } from "./simulator-sentences.ts";

/** What the gateway says to people, by a code that stays: in English here, in other languages on the page. What stands in
 *  braces is a parameter: a number, a name or a text, or another sentence. */
export const SENTENCES = {
  ...PLANT_FILE_SENTENCES,
  ...FIGURE_SENTENCES,
  ...SIMULATOR_SENTENCES,
  ...REQUEST_SENTENCES,
  ...OUTPUT_SENTENCES,
  // What somebody enters: one cell.
  empty: "it is empty",
  "no-text-or-number": "it is neither a text nor a number",
  "no-time":
    '"{text}" is no time: write 2026-11-22T07:00:00-05:00, or in plant time 2026-11-22 07:00, 22/11/2026 07:00 (day first) or 22/11/2026 7:00 a. m.',
  "none-of": '"{text}" is none of {choices}',
  formula: '"{text}" begins like the formula of a spreadsheet',
  "control-character": "it has a line end or another control character",
  "too-long": "it is longer than {most} characters",
  "decimal-comma": '"{text}" has a decimal comma; write a point',
  "thousands-commas": '"{text}" has commas between thousands; leave them out',
  negative: '"{text}" is negative',
  "no-number": '"{text}" is no number',
  "no-name": '"{text}" is no name: letters, digits and _ . : @ # / + - are',
  "no-whole-number": '"{text}" is no whole number from 1 to {most}',
  "qualifiers-differ": "it says {beside} and the value says {within}",
  outside: "{value} is outside {low} to {high}",
  "outside-unit": "{value} is outside {low} to {high} {unit}",
  "screens-count": "it needs {least} to {most} screens, such as 212:98.5 150:92 106:80",
  "screens-size": "every screen needs a size in um and 0 to 100 % passing, such as 150:92",
  "screens-order": "screens go from coarse to fine, and less passes the finer one",
  // A sheet or a list.
  "file-empty": "the file is empty",
  "file-long": "a file may have {most} lines below its head",
  "line-long": "a line may have {most} cells",
  "line-short": "it has {cells} cells and the head {head}",
  "line-surplus":
    "it has {cells} cells and the head {head}; is there a decimal comma or a separator in a text without quotes?",
  "behind-quote": "there is text behind the closing quote",
  "open-quote": "a quote is opened and never closed",
  "column-twice": "the column {name} is there twice",
  "column-missing": "the column is missing",
  "no-column": "there is no such column",
  "no-column-near": "there is no such column (did you mean {near}?)",
  "no-column-of": "there is no such column; there are {known}",
  "list-empty": "the list is empty",
  "list-long": "a list may have {most} entries",
  "no-object": "it is no object",
  missing: "it is missing",
  // A result of the laboratory, or a record.
  "ends-before-begins": "it ends before it begins",
  "cut-too-long": "no sample is cut for more than {most} days",
  "cut-in-future": "the sample was cut in the future",
  "reported-in-future": "the result was reported in the future",
  "reported-before-cut": "the result was reported before the sample was cut",
  "control-at-point": "a {kind} belongs to no sampling point; leave it empty",
  "no-unit": "{unit} is no unit (write g/t, mg/L, %, um …)",
  "no-point": "the plant has no sampling point {point}",
  "no-point-near": "the plant has no sampling point {point}; did you mean {near}?",
  "other-unit": "{point} is in {unit}, not in {given}",
  "outside-point": "{digits} is outside the range of {point}, {low} to {high} {unit}",
  "which-material": "say which reference material it is: {known}",
  "no-material": "the plant file has no reference material {material}",
  "no-material-of": "the plant file has no reference material {material}; it has {known}",
  "known-otherwise":
    "{sample} is known with {reported} {unit}, cut {cut}; a correction needs a reason and, where results are counted, a higher version",
  "version-known-otherwise":
    "version {version} of {sample} is known with {reported} {unit}, cut {cut}; a correction needs a reason and, where results are counted, a higher version",
  "sample-of": "{sample} of {point}",
  "from-to": "{from} to {to}",
  "lasts-too-long": "it lasts longer than {most} days",
  "in-future": "it lies in the future",
  "nothing-to-withdraw": "there is no {ref} to be withdrawn",
  "record-known-otherwise":
    "{ref} is known with other content (version {version}); a correction needs a reason",
  "residue-richer": "the residue holds more gold than the concentrate",
  "downtime-of-nothing": "a downtime lasts for some time",
  "downtime-overlaps": "it overlaps with {ref} of the same equipment",
  "nothing-held": "Nothing of a batch {batch} is held.",
  // Alarms.
  "no-alarm": "There is no alarm {alarm}.",
  "alarm-not-so": "{alarm} is {state}, not {wanted}.",
  "alarm-suppressed": "{alarm} is suppressed by design and comes back when its cause is over.",
  "alarm-not-now": "{alarm} is {state}: {action} means nothing now.",
  "alarm-say-why": "To {action} an alarm, say why.",
  "shelved-how-long": "An alarm is shelved for more than nothing and at most {most} hours.",
  "shelved-by-two": "{alarm} has priority 1: a second person must agree to shelving it.",
  "no-limit": "{alarm} has no limit that could be set.",
  "limit-or-band": "Give either a limit or a band.",
  "limit-is-amount": "{alarm} has a limit in the unit of its value.",
  "limit-is-share": "{alarm} has a limit in percent of its reference.",
  "limit-is-band": "{alarm} has a band from low to high.",
  "limit-set-so": "{alarm} is set so already.",
  "limit-share": "A percentage is more than 0 and at most 1,000.",
  "band-order": "The low end of a band is below its high end.",
  "never-outside": "{tag} goes from {low} to {high} and is never outside.",
  "never-passes": "{tag} goes from {low} to {high} and never passes {limit}.",
  "deviation-positive": "A deviation is more than 0.",
  "limit-more": "It must be more than {limit}, the limit of {alarm}.",
  "limit-less": "It must be less than {limit}, the limit of {alarm}.",
  // Figures and the shift.
  "no-period": "There is no {period} {key}.",
  "period-not-over": "The {period} {key} is not over.",
  "period-signed": "The {period} {key} is signed already.",
  "period-in-work": "Figures of the {period} {key} are being computed; sign again in a moment.",
  "samples-missing": "Samples are missing, and these figures are preliminary: {figures}.",
  "period-without-figures": "There are no figures of the {period} {key}.",
  "handed-over": "The shift has been handed over already.",
  "shift-not-over": "The shift is not over yet.",
  "out-signs-first": "Who hands over signs first.",
  "in-is-another": "Who takes over is another person than who handed over.",
  "report-signed-anew": "The report was signed anew since it was read; read it again.",
  "shift-not-handed-over": "The shift has not been handed over: sign its report again instead.",
  "nothing-changed": "Nothing has changed since it was signed.",
  "signature-without-name": "Without accounts a signature needs a name.",
  // Who may do what.
  "other-site": "The request comes from another site's page.",
  "signed-out": "Sign in first, or send the token of a program.",
  locked: "The page is locked: enter your password.",
  "needs-role": "This needs the role {role}.",
  "request-unfit": "{why}",
  "could-not-answer": "The gateway could not answer this request.",
  // What other programs say, and links to devices and outputs.
  elsewhere: "{why}",
  lost: "{where}: {why}",
  "nothing-listens": "nothing listens there",
  "closed-by-device": "the device closed the connection",
  "no-answer-in-time": "nothing answered in time",
  "no-answer-within": "{what}: no answer within {ms} ms",
  "no-way-to-host": "there is no way to the host",
  "no-way-to-network": "there is no way to the network",
  "host-unknown": "the host name is unknown",
  "host-not-looked-up": "the host name could not be looked up",
  "no-port": "there is no such port",
  "port-not-allowed": "the port may not be opened",
  "connection-closed": "the connection closed",
  "not-connected": "not connected yet",
  "no-progress": "no progress for {seconds} s, the link is made anew",
  "modbus-function": "the device knows no such function (Modbus exception {code})",
  "modbus-address": "the device has no such address, or lets nobody write there (Modbus exception {code})",
  "modbus-value": "the device does not take this value (Modbus exception {code})",
  "modbus-failure": "the device failed at it (Modbus exception {code})",
  "modbus-busy": "the device is busy (Modbus exception {code})",
  "modbus-no-way": "there is no way to the device (Modbus exception {code})",
  "modbus-silent": "the device is silent (Modbus exception {code})",
  "modbus-refused": "the device refuses (Modbus exception {code})",
  "device-silent": "the device has not answered in time",
  "device-unclear": "what the device answered is no clear answer",
  "opcua-refused": "the server refuses: {status}",
  "node-not-writable": "this node cannot be written",
  "node-no-value": "the node has no good value at present",
  "node-only-read": "the server lets us only read this node",
  "node-no-single-value": "the node holds no single value",
  "node-other-type": "the node is of type {found}, and the profile says {wanted}",
  explained: "{why} ({text})",
  "opcua-old-policy":
    "the server wants the old policy Basic128Rsa15, which Node.js refuses because its padding can be attacked (CVE-2023-46809); switch the server to Basic256Sha256, or start the gateway with --security-revert=CVE-2023-46809 in NODE_OPTIONS",
  "opcua-login": "the server refuses this user name and password, or this user certificate",
  "opcua-identity": "the server does not accept this kind of identity at this endpoint",
  "opcua-not-trusted":
    "the server does not trust the gateway's certificate; copy pki/own/certs/gateway.pem of the data folder into the server's trusted list",
  "certificate-out-of-date": "a certificate is out of date; check the clocks of both machines",
  "opcua-sessions": "the server has no free session; close other clients or raise its limit",
  "server-stopping": "the server is shutting down",
  "certificate-invalid": "the server has no valid certificate",
  "certificate-refused": "the server's certificate has been refused by an engineer",
  objection: "{why} ({subject}, thumbprint {thumbprint})",
  "server-certificate-expired": "the server's certificate expired on {time}",
  "server-certificate-not-yet": "the server's certificate is valid only from {time}",
  "server-calls-itself": "the server calls itself {own} but its certificate names {named}",
  "server-other-host": "the server's certificate is for another host than {host}; {how}",
  "server-certificate-revoked": "the server's certificate has been revoked by its issuer",
  "revocations-missing":
    "the server's certificate is not trusted, and its issuer's revocation list is missing in pki/issuers/crl; {how}",
  "server-not-trusted": "the server's certificate is not trusted; {how}",
  "server-certificate-verdict": "the server's certificate is refused: {verdict}",
  "how-to-approve":
    "compare its thumbprint with the one that the server shows, then run: puma trust PLANT.yaml add {thumbprint}",
  "security-not-offered":
    "the server does not offer {wanted}, only {offered}; the gateway never takes less than the plant file asks for",
  "password-in-clear": "the server would have the password sent in the clear; use mode SignAndEncrypt",
  "publishing-ended": "the server ended the publishing",
  "server-closed": "the server closed the connection",
  "server-without-time": "the server does not tell its time",
  "certificate-authority":
    "no authority that we trust has signed its certificate; name the right one in tls.ca",
  "certificate-expired": "its certificate has expired, or the clock of this machine is wrong",
  "certificate-not-yet": "its certificate is not valid yet, or the clock of this machine is wrong",
  "certificate-other-host": "its certificate is for another host than the one in the address",
  "old-tls": "it can do no better than TLS 1.1, which is not safe; it has to allow TLS 1.2 or newer",
  "no-tls": "it does not speak TLS at this port",
  "own-certificate": "it does not accept our certificate, or asks for one that tls.cert does not name",
  login: "it does not accept our user name or password",
  "broke-off": "it broke the connection off",
  "no-host": "there is no host of this name",
  "no-network": "no network leads there",
  "closed-by-it": "it closed the connection",
  "broker-unreachable": "The MQTT broker at {host} cannot be reached or refuses us: {why}.",
  "broker-closed": "The broker closed the connection.",
  "broker-failed": "The connection to the broker failed: {why}.",
  "broker-acknowledges-nothing": "The broker has acknowledged nothing for {seconds} s.",
  "broker-takes-nothing": "The MQTT broker has taken nothing for {seconds} s.",
  "broker-no-connection": "There is no connection to the MQTT broker.",
  "server-unreachable": "{host} cannot be reached: {why}.",
  "server-silent": "{host} did not answer within {seconds} s.",
  "server-asks-to-wait": "{host} asks us to wait ({status}): {why}",
  "server-login": "{host} refuses our user or token ({status}); check the credentials of this output: {why}",
  "server-answered": "{host} answered {status}: {why}",
  "no-database": "{host} does not know this database or bucket (404): {why}",
  // The history.
  "history-log-unwritten": "The log of open readings cannot be written: {why}.",
  "history-log-unsynced": "The log of open readings cannot be synced: {why}.",
  "history-unwritten": "The database of the historian cannot be written: {why}.",
  "history-damaged": "{reads} reads met a damaged stretch of history, which is left out.",
  "history-absent": "There is no history: {why}.",
  "history-unkept": "This gateway keeps no history (`historyDays: 0` in its plant file).",
} as const;

export type SentenceCode = keyof typeof SENTENCES;

/** A number, a name, a text that is shown as it is, or another sentence. */
export type SaidParameter = string | number | Said;

/** A sentence for people: what it says, and its English. */
export interface Said {
  readonly code: SentenceCode;
  readonly params: Readonly<Record<string, SaidParameter>>;
  readonly sentence: string;
}

/** What stands in braces, but for what people write in them: `{ fast: 1s }`. */
type Gaps<Text> = Text extends `${string}{${infer Gap}}${infer Rest}`
  ? (Gap extends `${string} ${string}` ? never : Gap) | Gaps<Rest>
  : never;

type Given<Code extends SentenceCode> = [Gaps<(typeof SENTENCES)[Code]>] extends [never]
  ? []
  : [params: Readonly<Record<Gaps<(typeof SENTENCES)[Code]>, SaidParameter>>];

/** Says a sentence of the list. A parameter too few does not compile. */
export function say<Code extends SentenceCode>(code: Code, ...[params]: Given<Code>): Said {
  const given: Said["params"] = params ?? {};
  return { code, params: given, sentence: filled(SENTENCES[code], given, textOf) };
}

/** What another program says, in its own words. */
export function saidElsewhere(told: Said | string): Said {
  return typeof told === "string" ? say("elsewhere", { why: told }) : told;
}

/** The text with what stands in its braces; what is not given stays as it is. */
export function filled(
  text: string,
  params: Readonly<Record<string, SaidParameter>>,
  wordOf: (parameter: SaidParameter) => string,
): string {
  return text.replaceAll(/\{(\w+)\}/gu, (gap, name: string) => {
    const parameter = params[name];
    return parameter === undefined ? gap : wordOf(parameter);
  });
}

/** English of what may be a sentence of the list or any other text. */
export function textOf(parameter: SaidParameter): string {
  return typeof parameter === "object" ? parameter.sentence : String(parameter);
}
