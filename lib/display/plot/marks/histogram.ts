import { binCounts } from "../extent.ts";
import type { Frame } from "../frame.ts";
import type { HistogramTrace } from "../spec.ts";
import { el } from "../svg.ts";
import { paletteColor } from "../theme.ts";

/** The bins of a histogram as touching bars. */
export function drawHistogram(trace: HistogramTrace, index: number, frame: Frame): string {
  const { start, size } = trace.xbins;
  const foot = frame.y.pixel(0);
  const bars = binCounts(trace).map((count, bin) => {
    const [left, right] = [frame.x.pixel(start + bin * size), frame.x.pixel(start + (bin + 1) * size)];
    const top = frame.y.pixel(count);
    return el("rect", { x: left + 0.5, y: top, width: right - left - 1, height: foot - top });
  });
  return el("g", { fill: trace.marker?.color ?? paletteColor(index), opacity: trace.opacity }, bars.join(""));
}
