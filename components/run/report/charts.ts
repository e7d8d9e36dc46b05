import { LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { SeriesPoint } from "../types";
import { sinceStart } from "./format";
import { Html } from "./html";

echarts.use([LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

/** A line of a chart. Colours are names of the page's CSS variables, so that one drawing serves light and dark. */
export interface Line {
  points: readonly SeriesPoint[];
  colour: string;
  dash?: "solid" | "dashed" | "dotted";
  filled?: true;
  stepped?: true;
}

export interface Chart {
  lines: readonly Line[];
  /** Value on the vertical axis, with its unit. */
  label: (value: number) => string;
  /** A bound to draw across, where it is near the data. */
  bounds?: readonly number[];
  /** The values are whole numbers. */
  whole?: true;
}

/** A drawing for wide and one for narrow screens: text that shrinks with its chart cannot be read on a phone. */
const sizes = { wide: { width: 600, height: 230, ticks: 8 }, narrow: { width: 350, height: 210, ticks: 4 } };

/** Draws a chart as SVG, on the server side: no script runs in the page. */
export function drawn(chart: Chart, size: keyof typeof sizes): Html {
  const { width, height, ticks } = sizes[size];
  const canvas = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    canvas.setOption(options(chart, ticks));
    // The page's headings name the chart; the drawing itself is for the eye only.
    return new Html(canvas.renderToSVGString().replace("<svg ", '<svg aria-hidden="true" '));
  } finally {
    canvas.dispose();
  }
}

function options({ lines, label, bounds = [], whole }: Chart, ticks: number): echarts.EChartsCoreOption {
  const seconds = Math.max(1, ...lines.flatMap(({ points }) => points.map(([second]) => second)));
  const values = lines.flatMap(({ points }) => points.flatMap(([, value]) => (value === null ? [] : [value])));
  const highest = Math.max(0, ...values);
  const near = bounds.filter((bound) => bound > 0 && bound <= 2 * highest);
  const text = { color: "var(--faint)", fontSize: 12, fontFamily: "inherit" };
  return {
    animation: false,
    grid: { left: 4, right: 14, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "value",
      min: 0,
      max: seconds,
      interval: tickInterval(seconds, ticks),
      axisLine: { lineStyle: { color: "var(--axis)" } },
      axisTick: { show: true, lineStyle: { color: "var(--axis)" } },
      splitLine: { show: false },
      // The end of the run is no round number and would crowd the last tick.
      axisLabel: {
        ...text,
        formatter: sinceStart,
        showMaxLabel: seconds % tickInterval(seconds, ticks) === 0,
        hideOverlap: true,
      },
    },
    yAxis: {
      type: "value",
      min: 0,
      max: Math.max(highest, ...near) > 0 ? undefined : 1,
      splitNumber: 4,
      ...(whole ? { minInterval: 1 } : {}),
      splitLine: { lineStyle: { color: "var(--rule)" } },
      axisLabel: { ...text, formatter: label },
    },
    series: [...lines.map(lineSeries), boundSeries(near)],
  };
}

function lineSeries({ points, colour, dash = "solid", filled, stepped }: Line): object {
  return {
    type: "line",
    data: points,
    showSymbol: points.length < 3,
    symbolSize: 5,
    ...(stepped ? { step: "end" } : {}),
    lineStyle: { color: `var(${colour})`, width: 2, type: dash },
    itemStyle: { color: `var(${colour})` },
    ...(filled ? { areaStyle: { color: `var(${colour})`, opacity: 0.14 } } : {}),
  };
}

/** Invisible points raise the axis to the bounds, lines across show them. */
function boundSeries(bounds: readonly number[]): object {
  return {
    type: "line",
    data: bounds.map((bound) => [0, bound]),
    symbol: "none",
    lineStyle: { opacity: 0 },
    markLine: {
      silent: true,
      symbol: "none",
      label: { show: false },
      lineStyle: { color: "var(--bound)", type: [6, 4], width: 1.5 },
      data: bounds.map((bound) => ({ yAxis: bound })),
    },
  };
}

const tickLengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

function tickInterval(seconds: number, ticks: number): number {
  return tickLengths.find((length) => seconds / length <= ticks) ?? Math.ceil(seconds / ticks);
}
