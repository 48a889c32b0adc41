import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { language } from "../../preferences.ts";

const STYLE = /<style>([^<]*)<\/style>/u;

/** The report as the gateway writes it for paper, with its own style, in the reader's language. The same document is
 *  printed, sent and shown. Anything from the plant stands escaped in it, and scripts are none of it. */
export function Paper({ path, stamp }: { readonly path: string; readonly stamp: unknown }) {
  const host = useRef<HTMLDivElement>(null);
  const html = useSignal("");
  useEffect(() => {
    const asked = new AbortController();
    const url = `${path}${path.includes("?") ? "&" : "?"}format=html&language=${language.value}`;
    fetch(url, { signal: asked.signal })
      .then((response) => response.text())
      .then((text) => {
        html.value = text;
      })
      .catch(() => undefined); // the page around it says that the gateway is away
    return () => asked.abort();
  }, [path, language.value, stamp]);
  useEffect(() => {
    const root = host.current?.shadowRoot ?? host.current?.attachShadow({ mode: "open" });
    if (root === undefined || html.value === "") return;
    // Our own page lets no style element in, not even in a document that is only read.
    const [, style = ""] = STYLE.exec(html.value) ?? [];
    const paper = new DOMParser().parseFromString(html.value.replace(STYLE, ""), "text/html");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(...paper.body.childNodes);
  }, [html.value]);
  return <div class="paper" lang={language.value} ref={host} />;
}
