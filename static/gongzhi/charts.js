// Charts from figures that stand in the page. Needs ECharts. Every chart has its table beside it.
//
//   <div class="chart" role="img" aria-label="…" data-chart="#figures"></div>
//   {{ figures|json_script:"figures" }}   { kind: "bar" | "line" | "pie" | "sankey", labels: […],
//                                           series: [{ name, tone, data: […] }], links: […] }
(() => {
  function colour(name) {
    const probe = document.createElement("span");
    probe.className = "visually-hidden";
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function frame() {
    return {
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("ink") },
      // The HTML tooltip writes style attributes, which our security policy refuses.
      tooltip: { renderMode: "richText", confine: true, backgroundColor: colour("sheet"), textStyle: { color: colour("ink") } },
      legend: { bottom: 0, textStyle: { color: colour("ink") } },
      grid: { left: 8, right: 8, top: 16, bottom: 40, containLabel: true },
    };
  }

  function axes(figures) {
    const lines = { axisLine: { lineStyle: { color: colour("rule-strong") } }, axisLabel: { color: colour("ink-2") } };
    return {
      xAxis: { type: "category", data: figures.labels, ...lines },
      yAxis: { type: "value", splitLine: { lineStyle: { color: colour("rule") } }, axisLabel: { color: colour("ink-2") } },
      series: figures.series.map((row) => ({
        type: figures.kind,
        name: row.name,
        data: row.data,
        stack: row.stack,
        itemStyle: { color: colour(row.tone ?? "action") },
        lineStyle: { color: colour(row.tone ?? "action") },
      })),
      tooltip: { ...frame().tooltip, trigger: "axis" },
    };
  }

  function parts(figures) {
    const data = figures.labels.map((name, place) => ({
      name,
      value: figures.series[0].data[place],
      itemStyle: figures.tones ? { color: colour(figures.tones[place]) } : undefined,
    }));
    return { series: [{ type: "pie", radius: ["50%", "75%"], data, label: { color: colour("ink") } }] };
  }

  function flows(figures) {
    const data = figures.labels.map((name) => ({ name }));
    return { series: [{ type: "sankey", data, links: figures.links, label: { color: colour("ink") } }] };
  }

  const KINDS = { bar: axes, line: axes, pie: parts, sankey: flows };

  function draw(element) {
    const figures = JSON.parse(document.querySelector(element.dataset.chart).textContent);
    const chart = echarts.init(element, null, { renderer: "svg" });
    const show = () => chart.setOption({ ...frame(), ...KINDS[figures.kind](figures) }, true);
    show();
    new ResizeObserver(() => chart.resize()).observe(element);
    document.addEventListener("look-changed", show);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  }

  for (const element of document.querySelectorAll("[data-chart]")) draw(element);
})();
