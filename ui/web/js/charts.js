// Line charts in the house's colours. `const c = lineChart(canvasElement, {series: {reward: "Reward"}, unit: "nats"})`,
// then c.add("reward", step, value) as points come, or c.set("reward", [[step, value], ...]), and c.mark(step, "kept").
import * as echarts from "/_static/echarts/6.0.0/dist/echarts.esm.min.js";

/** The colour that a custom property stands for right now; light-dark() is resolved by the browser. */
export function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const format = (value) =>
  value === null || value === undefined || Number.isNaN(value)
    ? "–"
    : Math.abs(value) >= 1000 || (value !== 0 && Math.abs(value) < 0.001)
      ? value.toExponential(2)
      : String(Number(value.toPrecision(4)));

export function lineChart(element, { series, unit = "", min, max, bands = [] }) {
  const chart = echarts.init(element, null, { renderer: "canvas" });
  const keys = Object.keys(series);
  const data = Object.fromEntries(keys.map((key) => [key, []]));
  let marked = [];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function draw() {
    const muted = colour("--muted");
    const line = colour("--line");
    chart.setOption(
      {
        animation: !still,
        animationDuration: 200,
        textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: muted },
        grid: { left: 8, right: 16, top: keys.length > 1 ? 30 : 12, bottom: 4, containLabel: true },
        legend: keys.length > 1 ? { top: 0, left: 0, textStyle: { color: muted }, icon: "roundRect", itemWidth: 14, itemHeight: 4 } : undefined,
        // Drawn on the canvas: an HTML tooltip would need inline styles, which the page's policy refuses.
        tooltip: {
          trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0,
          backgroundColor: colour("--raised"), borderColor: line, textStyle: { color: colour("--ink"), fontSize: 13 },
          valueFormatter: (value) => `${format(value)}${unit && ` ${unit}`}`,
        },
        xAxis: { type: "value", name: "", min: "dataMin", max: "dataMax", splitLine: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: muted, hideOverlap: true } },
        yAxis: { type: "value", scale: true, min, max, splitNumber: 4, splitLine: { lineStyle: { color: line } }, axisLabel: { color: muted, formatter: format } },
        series: keys.map((key, index) => ({
          id: key, name: series[key], type: "line", showSymbol: data[key].length < 2, symbolSize: 7, sampling: "lttb",
          lineStyle: { width: 2, type: index % 2 ? [6, 4] : "solid" }, color: colour(`--series-${(index % 5) + 1}`), data: data[key],
          markLine: index || !marked.length ? undefined : {
            symbol: "none", silent: true, lineStyle: { color: muted, type: "dotted" }, label: { color: muted, formatter: "{b}", position: "insideStartTop" },
            data: marked,
          },
          markArea: index || !bands.length ? undefined : {
            silent: true, itemStyle: { color: colour("--accent-soft"), opacity: 0.6 },
            data: bands.map(([from, to]) => [{ yAxis: from }, { yAxis: to }]),
          },
        })),
      },
      true,
    );
  }

  let pending = false;
  function soon() {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      draw();
    });
  }

  new ResizeObserver(() => chart.resize()).observe(element);
  document.addEventListener("laurel:theme", soon);
  draw();
  return {
    add(key, step, value) {
      if (!data[key]) return;
      data[key].push([step, value]);
      soon();
    },
    set(key, points) {
      if (!data[key]) return;
      data[key] = points;
      soon();
    },
    mark(step, name) {
      if (marked[0]?.xAxis === step) return;
      marked = [{ name, xAxis: step }];
      soon();
    },
    latest: (key) => data[key]?.at(-1)?.[1],
    format,
    chart,
  };
}
