// Charts from figures that stand in the page. Needs ECharts. Every chart has its table beside it.
//
//   <div class="chart" role="img" aria-label="…" data-chart="#figures"></div>
//   {{ figures|json_script:"figures" }}   { kind: "bar" | "line" | "pie" | "sankey", labels: […],
//                                           series: [{ name, tone, data: […] }] }
//   sankey: nodes: [{ key, label, tone, url }], links: [{ source, target, value in fen }]
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
      legend: { type: "scroll", bottom: 0, textStyle: { color: colour("ink") } },
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
    const labels = new Map(figures.nodes.map((node) => [node.key, node.label]));
    const inYuan = (fen) => (fen / 100).toLocaleString(undefined, { minimumFractionDigits: 2 });
    const data = figures.nodes.map((node) => ({
      name: node.key,
      url: node.url,
      itemStyle: { color: colour(node.tone) },
    }));
    const words = ({ dataType, data: part, value }) =>
      dataType === "edge"
        ? `${labels.get(part.source)} → ${labels.get(part.target)}\n${inYuan(part.value)}`
        : `${labels.get(part.name)}\n${inYuan(value)}`;
    return {
      legend: { show: false },
      tooltip: { ...frame().tooltip, formatter: words },
      series: [
        {
          type: "sankey",
          data,
          links: figures.links,
          left: 4,
          right: 150,
          top: 8,
          bottom: 8,
          nodeGap: 18,
          draggable: false,
          emphasis: { focus: "adjacency" },
          lineStyle: { color: "gradient", opacity: 0.35 },
          label: {
            color: colour("ink"),
            width: 140,
            overflow: "truncate",
            formatter: ({ name }) => labels.get(name),
          },
        },
      ],
    };
  }

  const KINDS = { bar: axes, line: axes, pie: parts, sankey: flows };

  function draw(element) {
    const figures = JSON.parse(document.querySelector(element.dataset.chart).textContent);
    const chart = echarts.init(element, null, { renderer: "svg" });
    const show = () => chart.setOption({ ...frame(), ...KINDS[figures.kind](figures) }, true);
    show();
    chart.on("click", ({ data }) => data?.url && location.assign(data.url));
    new ResizeObserver(() => chart.resize()).observe(element);
    document.addEventListener("look-changed", show);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  }

  for (const element of document.querySelectorAll("[data-chart]")) draw(element);
})();
