import { defineConfig } from "vite";

const GATEWAY = "http://127.0.0.1:8080";

/** Builds the page to `dist/web`. `vite` alone serves it with live reload and asks a gateway on this machine for the data. */
export default defineConfig({
  root: "src/web",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": { target: GATEWAY, changeOrigin: true, ws: true, rewriteWsOrigin: true },
      "/healthz": { target: GATEWAY, changeOrigin: true },
    },
  },
});
