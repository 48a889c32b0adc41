import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import type { Plugin } from "vite";
import { compression } from "vite-plugin-compression2";

const GATEWAY = "http://127.0.0.1:8080";

/** Served beside the page: who wrote what is in it, and under which licence. */
const LICENCES = "licences.txt";

/** Smaller than a network packet, a file is not there any sooner for being packed. */
const PACKED_MIN_BYTES = 1_024;

/** Builds the page to `dist/web`. `vite` alone serves it with live reload and asks a gateway on this machine for the data. */
export default defineConfig({
  root: "src/web",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    license: { fileName: LICENCES },
  },
  // Browsers take brotli on HTTPS and from this machine, gzip everywhere.
  plugins: [licencesOfFiles(), compression({ threshold: PACKED_MIN_BYTES, logLevel: "silent" })],
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": { target: GATEWAY, changeOrigin: true, ws: true, rewriteWsOrigin: true },
      "/healthz": { target: GATEWAY, changeOrigin: true },
    },
  },
});

/** Vite writes down the licences of the code in the page; this adds those of the files, which are its fonts. */
function licencesOfFiles(): Plugin {
  return {
    name: "licences-of-files",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const licences = bundle[LICENCES];
        if (licences?.type !== "asset") this.error(`The build wrote no ${LICENCES}.`);
        const sources = Object.values(bundle).flatMap((one) =>
          one.type === "asset" ? one.originalFileNames : [],
        );
        const folders = new Set(
          sources.flatMap((source) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/u.exec(source)?.[0] ?? []),
        );
        const texts = Array.from(folders)
          .sort()
          .map((folder) => licenceText(folder, this.environment.config.root));
        licences.source = [String(licences.source).trimEnd(), ...texts].join("\n\n");
      },
    },
  };
}

function licenceText(folder: string, root: string): string {
  const file = (name: string): string => readFileSync(resolve(root, folder, name), "utf8");
  const { name, version, license } = JSON.parse(file("package.json")) as Record<string, string>;
  return `## ${name} - ${version} (${license})\n\n${file("LICENSE").trimEnd()}\n`;
}
