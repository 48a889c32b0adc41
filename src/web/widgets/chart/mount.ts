import type uPlot from "uplot";
import { createPlot, redraw } from "./plot.ts";
import type { Overlay, PlotOptions } from "./plot.ts";
import { watchPointer } from "./pointer.ts";
import type { Hands } from "./pointer.ts";

/** What a chart shows at the moment. */
export interface Shown extends Hands, Pick<Overlay, "pens">, Partial<Omit<Overlay, "pens">> {}

export interface MountedPlot {
  /** The one that is there now: another theme of the system makes another. */
  readonly plot: () => uPlot;
  unmount(): void;
}

const NOTHING: readonly never[] = [];

/** Puts a plot into an element, as wide as that is, with hands on it. */
export function mountPlot(
  element: HTMLElement,
  look: Pick<PlotOptions, "height" | "timeZone" | "locale">,
  shown: () => Shown,
): MountedPlot {
  const overlay = (): Overlay => {
    const { pens, cursors = NOTHING, markers = NOTHING, band = null } = shown();
    return { pens, cursors, markers, band };
  };
  const make = (): uPlot => {
    const { pens, span } = shown();
    const made = createPlot({ ...look, pens, width: element.clientWidth, overlay }, element);
    redraw(made, pens, span);
    return made;
  };
  let plot = make();
  const stopPointer = watchPointer(element, () => plot, shown);
  const resizing = new ResizeObserver(() => {
    const { clientWidth: width } = element;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: look.height });
  });
  resizing.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const remake = (): void => {
    plot.destroy();
    plot = make();
  };
  dark.addEventListener("change", remake);
  return {
    plot: () => plot,
    unmount() {
      dark.removeEventListener("change", remake);
      resizing.disconnect();
      stopPointer();
      plot.destroy();
    },
  };
}
