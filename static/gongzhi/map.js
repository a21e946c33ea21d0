// Maps from our own outlines (and tiles, where the installation names some). Needs Leaflet.
//
//   <div class="map" data-map data-outlines="…geojson"        outlines below everything
//        data-tiles="…" data-tiles-source="…"                 a tile server, if there is one
//        data-points="#id"                                    points: JSON in a <script>, see addPoints
//        data-shapes="…geojson" or "#id"                      areas above the outlines, see addShapes
//        data-zoom="14"                                       how near a place that is chosen already is seen
//        data-lon="#id_lon" data-lat="#id_lat"                picking one place into two inputs
//        data-here="#id" data-here-failed="…"                 a button: "where I am"
//        data-place-words="#id" data-picked="…"               says what was picked, to everybody
//        data-locate="…">                                     address that names the place of a point
//
// Keyboard: arrows move the map, + and - zoom, Enter puts the pin into its middle.
(() => {
  const SVG_PIN =
    '<svg viewBox="0 0 24 24" stroke-width="1.2"><path d="M12 22s7-6.6 7-12.2a7 7 0 1 0-14 0C5 15.4 12 22 12 22z"/><circle cx="12" cy="9.8" r="2.4"/></svg>';

  function find(selector) {
    return selector ? document.querySelector(selector) : null;
  }

  function number(input) {
    const value = input ? Number.parseFloat(input.value) : Number.NaN;
    return Number.isFinite(value) ? value : null;
  }

  function baseMap(element) {
    const map = L.map(element, { zoomControl: true, maxZoom: 19, zoomSnap: element.dataset.tiles ? 1 : 0.25, attributionControl: Boolean(element.dataset.tiles) });
    map.zoomControl._zoomInButton?.setAttribute("aria-label", element.dataset.zoomIn ?? "+");
    map.zoomControl._zoomOutButton?.setAttribute("aria-label", element.dataset.zoomOut ?? "−");
    if (element.dataset.tiles) {
      L.tileLayer(element.dataset.tiles, { attribution: element.dataset.tilesSource, maxZoom: 19 }).addTo(map);
    }
    return map;
  }

  async function addOutlines(map, element) {
    if (!element.dataset.outlines) return null;
    try {
      const answer = await fetch(element.dataset.outlines, { headers: { Accept: "application/json" } });
      if (!answer.ok) return null;
      return L.geoJSON(await answer.json(), {
        interactive: false,
        style: (feature) => ({ className: `outline outline-${feature.properties.level ?? "any"}` }),
        onEachFeature: (feature, layer) => {
          if (feature.properties.level === "grid") return;
          layer.bindTooltip(feature.properties.name ?? "", { permanent: false });
        },
      }).addTo(map);
    } catch {
      return null; // without a connection the rest of the page still serves
    }
  }

  // Each point: { lon, lat, tone, title, url, words }.
  function addPoints(map, element) {
    const source = find(element.dataset.points);
    if (!source) return null;
    const layer = L.markerClusterGroup
      ? L.markerClusterGroup({
          showCoverageOnHover: false,
          maxClusterRadius: 80,
          iconCreateFunction: (cluster) =>
            L.divIcon({ html: String(cluster.getChildCount()), className: "cluster", iconSize: [38, 38] }),
        })
      : L.featureGroup();
    for (const point of JSON.parse(source.textContent)) {
      const marker = L.circleMarker([point.lat, point.lon], { radius: 10, className: `point tone-${point.tone}` });
      const link = document.createElement(point.url ? "a" : "span");
      if (point.url) link.href = point.url;
      link.textContent = point.title;
      const words = document.createElement("div");
      words.append(link);
      if (point.words) words.append(document.createElement("br"), point.words);
      marker.bindPopup(words);
      layer.addLayer(marker);
    }
    return layer.addTo(map);
  }

  async function shapesOf(source) {
    if (!source) return null;
    if (source.startsWith("#")) return JSON.parse(find(source).textContent);
    const answer = await fetch(source, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : null;
  }

  // Areas that matter, above the outlines: properties tone, title, url, words.
  async function addShapes(map, element) {
    const collection = await shapesOf(element.dataset.shapes);
    if (!collection) return null;
    return L.geoJSON(collection, {
      style: (feature) => ({ className: `shape tone-${feature.properties.tone}` }),
      pointToLayer: (feature, place) =>
        L.circleMarker(place, { radius: 9, className: `point tone-${feature.properties.tone}` }),
      onEachFeature: (feature, layer) => {
        const { url, title, words } = feature.properties;
        const link = document.createElement(url ? "a" : "span");
        if (url) link.href = url;
        link.textContent = title;
        const popup = document.createElement("div");
        popup.append(link, document.createElement("br"), words ?? "");
        layer.bindPopup(popup);
      },
    }).addTo(map);
  }

  function picker(map, element) {
    const lon = find(element.dataset.lon);
    const lat = find(element.dataset.lat);
    if (!lon || !lat) return null;
    const words = find(element.dataset.placeWords);
    let pin = null;

    function show(place) {
      const icon = L.divIcon({ html: SVG_PIN, className: "pin", iconSize: [36, 36], iconAnchor: [18, 34] });
      pin ??= L.marker(place, { icon, keyboard: false, draggable: true })
        .addTo(map)
        .on("dragend", () => choose(pin.getLatLng()));
      pin.setLatLng(place);
    }

    function choose(place) {
      lon.value = place.lng.toFixed(6);
      lat.value = place.lat.toFixed(6);
      show(place);
      if (words) name(place, words, element);
      const detail = { lon: place.lng, lat: place.lat };
      element.dispatchEvent(new CustomEvent("place-picked", { bubbles: true, detail }));
      lon.dispatchEvent(new Event("change", { bubbles: true }));
    }

    map.on("click", (event) => choose(event.latlng));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== element) return;
      event.preventDefault();
      choose(map.getCenter());
    });
    hereButton(map, element, words, choose);
    if (number(lon) === null || number(lat) === null) return null;
    const place = L.latLng(number(lat), number(lon));
    show(place);
    return place;
  }

  async function name(place, words, element) {
    const point = `${place.lat.toFixed(5)}, ${place.lng.toFixed(5)}`;
    words.textContent = `${element.dataset.picked} ${point}`;
    if (!element.dataset.locate) return;
    try {
      const answer = await fetch(`${element.dataset.locate}?lon=${place.lng.toFixed(6)}&lat=${place.lat.toFixed(6)}`);
      const { town, community } = await answer.json();
      const names = [town, community].filter(Boolean).map((territory) => territory.name);
      if (names.length) words.textContent = `${element.dataset.picked} ${names.join(" · ")} (${point})`;
    } catch {
      // Without a connection the point alone is said.
    }
  }

  function hereButton(map, element, words, choose) {
    const button = find(element.dataset.here);
    if (!button || !navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        (position) => {
          button.disabled = false;
          const place = L.latLng(position.coords.latitude, position.coords.longitude);
          map.setView(place, 17);
          choose(place);
        },
        () => {
          button.disabled = false;
          if (words) words.textContent = element.dataset.hereFailed;
        },
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
  }

  async function draw(element) {
    const map = baseMap(element);
    map.setView([23.02, 113.75], 11);
    const place = picker(map, element);
    const points = addPoints(map, element);
    if (place) map.setView(place, Number(element.dataset.zoom ?? 16));
    const outlines = await addOutlines(map, element);
    outlines?.bringToBack();
    const shapes = await addShapes(map, element);
    const around = [points, shapes, outlines].find((layer) => layer?.getLayers().length);
    if (!place && around) map.fitBounds(around.getBounds(), { padding: [20, 20], maxZoom: 14 });
    element.dataset.ready = "yes";
  }

  function drawAll(part) {
    for (const element of part.querySelectorAll("[data-map]:not([data-drawn])")) {
      element.dataset.drawn = "yes";
      draw(element);
    }
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
