// The map beside the form of borders: it writes into the form's fields, and shows what they say.
//
//   <div data-editor data-outlines="…geojson" data-plan="#id of a preview's shapes">
//
// Clicking a grid chooses it (a checkbox of the form); clicking adds a point to the line or outline;
// dragging a corner of a chosen grid adds a move, for every grid that has this corner. Keyboard: the
// map's arrows and + −, Enter adds the middle; the fields themselves say everything the map can.
(() => {
  const element = document.querySelector("[data-editor]");
  const form = document.querySelector("form:has([name=points])");
  if (!element || !form) return;
  const points = form.querySelector("[name=points]");
  const moves = form.querySelector("[name=moves]");
  const NEAR = 12; // pixels within which a point is meant to be a corner
  const corners = new Map(); // "lon,lat" → LatLng of every corner of every grid
  const shapes = new Map(); // key of a grid → its layer
  let drawn = null;

  const map = L.map(element, { maxZoom: 20, zoomSnap: 0.25, attributionControl: false, keyboard: true });
  map.zoomControl._zoomInButton?.setAttribute("aria-label", element.dataset.zoomIn);
  map.zoomControl._zoomOutButton?.setAttribute("aria-label", element.dataset.zoomOut);
  map.setView([23.02, 113.75], 11);
  const handles = L.layerGroup().addTo(map);

  const kind = () => form.querySelector("[name=kind]:checked")?.value;
  const box = (key) => form.querySelector(`[name=territories][value="${key}"]`);
  const spell = (place) => `${place.lng.toFixed(7)}, ${place.lat.toFixed(7)}`;

  function field(input) {
    return input.closest(".field");
  }

  // Only what the chosen kind of change needs is shown.
  function showFields() {
    const now = kind();
    field(points).hidden = !["draw", "split"].includes(now);
    field(moves).hidden = now !== "move";
    form.querySelector("[name=territories]")?.closest(".field").toggleAttribute("hidden", now === "draw");
    field(form.querySelector("[name=stays]")).hidden = now !== "merge";
    form.querySelector("[data-drop-last]").hidden = !["draw", "split", "move"].includes(now);
    showHandles();
    showDrawn();
  }

  function placesIn(text) {
    return text
      .split("\n")
      .map((line) => line.split(/[,，\s]+/).filter(Boolean).map(Number))
      .filter((pair) => pair.length === 2 && pair.every(Number.isFinite))
      .map(([lon, lat]) => L.latLng(lat, lon));
  }

  function showDrawn() {
    drawn?.remove();
    const places = ["draw", "split"].includes(kind()) ? placesIn(points.value) : [];
    const Shape = kind() === "draw" ? L.polygon : L.polyline;
    drawn = Shape(places, { className: "grid-drawn", interactive: false }).addTo(map);
    for (const place of places) L.circleMarker(place, { radius: 4, className: "grid-drawn", interactive: false }).addTo(handles);
  }

  function nearestCorner(place) {
    const here = map.latLngToContainerPoint(place);
    let best = null;
    let reach = NEAR;
    for (const corner of corners.values()) {
      const far = here.distanceTo(map.latLngToContainerPoint(corner));
      if (far < reach) [best, reach] = [corner, far];
    }
    return best;
  }

  function ringsOf(latLngs) {
    return Array.isArray(latLngs[0]) ? latLngs.flatMap(ringsOf) : [latLngs];
  }

  // The nearest place on an edge of any grid, so that a line ends on the border and not beside it.
  function nearestOnEdge(place) {
    const here = map.project(place);
    let best = null;
    let reach = NEAR;
    for (const layer of shapes.values()) {
      for (const ring of ringsOf(layer.getLatLngs())) {
        const drawnRing = ring.map((corner) => map.project(corner)); // unlike points of the screen not rounded
        drawnRing.forEach((start, number) => {
          const end = drawnRing[(number + 1) % drawnRing.length];
          const at = L.LineUtil.closestPointOnSegment(here, start, end);
          const far = here.distanceTo(at);
          if (far < reach) [best, reach] = [map.unproject(at), far];
        });
      }
    }
    return best;
  }

  function snapped(place) {
    return nearestCorner(place) ?? nearestOnEdge(place) ?? place;
  }

  function addLine(area, line) {
    area.value = `${area.value.trimEnd()}\n${line}`.trimStart();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function addPoint(place) {
    if (["draw", "split"].includes(kind())) addLine(points, spell(snapped(place)));
  }

  function showChosen() {
    for (const [key, layer] of shapes) {
      layer.getElement()?.classList.toggle("grid-chosen", Boolean(box(key)?.checked));
    }
    showHandles();
  }

  function showHandles() {
    handles.clearLayers();
    if (kind() !== "move") return;
    const shown = new Set();
    for (const [key, layer] of shapes) {
      if (!box(key)?.checked) continue;
      for (const place of layer.getLatLngs().flat(3)) {
        if (shown.has(spell(place))) continue;
        shown.add(spell(place));
        addHandle(place);
      }
    }
  }

  function addHandle(place) {
    const icon = L.divIcon({ className: "grid-corner", iconSize: [14, 14] });
    const handle = L.marker(place, { icon, draggable: true, keyboard: false }).addTo(handles);
    handle.on("dragend", () => {
      const others = [...corners.values()].filter((corner) => !corner.equals(place));
      const target = nearestOf(others, handle.getLatLng());
      handle.setLatLng(target);
      addLine(moves, `${spell(place)} -> ${spell(target)}`);
    });
  }

  function nearestOf(places, wanted) {
    const here = map.latLngToContainerPoint(wanted);
    return places.find((place) => here.distanceTo(map.latLngToContainerPoint(place)) < NEAR) ?? wanted;
  }

  function addGrid(feature, layer) {
    shapes.set(feature.id, layer);
    layer.bindTooltip(feature.properties.code.slice(-3), { permanent: true, direction: "center", className: "grid-name" });
    layer.once("add", () => layer.getElement()?.setAttribute("data-code", feature.properties.code));
    for (const place of layer.getLatLngs().flat(3)) corners.set(spell(place), place);
    layer.on("click", (event) => {
      const now = kind();
      // Once a line has begun, a click beyond the border ends it there and chooses nothing else.
      const isDrawing = box(feature.id)?.checked || points.value.trim();
      if (now === "draw" || (now === "split" && isDrawing)) {
        addPoint(event.latlng);
        L.DomEvent.stopPropagation(event);
        return;
      }
      choose(feature.id, now);
      L.DomEvent.stopPropagation(event);
    });
  }

  function choose(key, now) {
    const chosen = box(key);
    if (!chosen) return;
    if (now === "split") for (const other of form.querySelectorAll("[name=territories]")) other.checked = false;
    chosen.checked = now === "split" || !chosen.checked;
    const stays = form.querySelector("[name=stays]");
    if (now === "merge" && chosen.checked && !stays.value) stays.value = String(key);
    showChosen();
  }

  async function load() {
    const answer = await fetch(element.dataset.outlines, { headers: { Accept: "application/json" } });
    const layer = L.geoJSON(await answer.json(), {
      style: { className: "grid-shape" },
      onEachFeature: addGrid,
    }).addTo(map);
    if (layer.getLayers().length) map.fitBounds(layer.getBounds(), { padding: [20, 20] });
    const plan = element.dataset.plan && document.querySelector(element.dataset.plan);
    for (const geometry of plan ? JSON.parse(plan.textContent) : []) {
      L.geoJSON(geometry, { style: { className: "grid-planned" }, interactive: false }).addTo(map);
    }
    showChosen();
    showFields();
    element.dataset.ready = "yes";
  }

  form.querySelector("[data-drop-last]").addEventListener("click", () => {
    const area = kind() === "move" ? moves : points;
    area.value = area.value.trimEnd().split("\n").slice(0, -1).join("\n");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("change", () => {
    showChosen();
    showFields();
  });
  points.addEventListener("input", showFields);
  map.on("click", (event) => addPoint(event.latlng));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== element) return;
    event.preventDefault();
    addPoint(map.getCenter());
  });
  load();
})();
