// Asks for the counters once a second and shows them. Elements are kept and only changed texts are written.

import * as model from "./model.js";

const POLL_MS = 1000;
const PATIENCE_MS = 5000;
const MINUTE_MS = 60_000;
const history = new model.History();
const element = id => document.getElementById(id);
const rows = new Map();
let answeredAt = 0;
let pointedAge = null;

function setText(target, text, title) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
  if (title !== undefined && target.title !== title) {
    target.title = title;
  }
}

/** The row of a table for a thing, made when it is first seen. */
function rowOf(table, key, columns) {
  const id = `${table}/${key}`;
  if (!rows.has(id)) {
    const headings = element(table).tHead.rows[0].cells;
    const row = document.createElement("tr");
    row.setAttribute("role", "row");
    row.dataset.key = key;
    for (let i = 0; i < columns; i++) {
      const cell = document.createElement(i === 0 ? "th" : "td");
      cell.setAttribute("role", i === 0 ? "rowheader" : "cell");
      cell.dataset.label = headings[i].textContent;
      if (i === 0) {
        cell.scope = "row";
      }
      row.append(cell);
    }
    element(table).tBodies[0].append(row);
    rows.set(id, row);
  }
  return rows.get(id);
}

/** Writes a table's rows; a cell is a text, or a text and a title. Rows of things that are gone go. */
function fill(table, things) {
  for (const { key, cells } of things) {
    const row = rowOf(table, key, cells.length);
    cells.forEach((cell, i) => Array.isArray(cell) ? setText(row.cells[i], ...cell) : setText(row.cells[i], cell));
  }
  const keys = new Set(things.map(thing => thing.key));
  for (const row of [...element(table).tBodies[0].rows]) {
    if (!keys.has(row.dataset.key)) {
      row.remove();
      rows.delete(`${table}/${row.dataset.key}`);
    }
  }
}

const chosenWindow = () => document.querySelector("input[name=window]:checked").value;

/** p50, p99 and p99.9 as cells. */
const percentiles = buckets => [0.5, 0.99, 0.999].map(share => {
  const us = model.percentile(buckets, share);
  return [model.latency(us), us === null ? "" : `${us} µs`];
});

const sumOf = (list, key) => snapshot => snapshot[list].reduce((sum, item) => sum + item[key], 0);
const rateOf = (list, name, value, key) => history.rate(snapshot => model.find(snapshot, list, name, value)[key] ?? 0);

function show() {
  const now = history.latest;
  const before = history.baseline(chosenWindow());
  showNow(now, before);
  showGraph(now);
  showClients(now, before);
  showHandshakes(now, before);
  showFailures(now, before);
  showBackends(now, before);
  showPools(now, before);
  showBlocks(now);
}

function showNow(now, before) {
  setText(element("version"), now.version);
  setText(element("uptime"), model.duration(now.uptimeMs));
  setText(element("shards"), model.count(now.shards));
  setText(element("memory"), model.megabytes(now.memory));
  const all = model.merge(now.protocols.map(p => model.newBuckets(p.latency, model.find(before, "protocols", "name", p.name).latency)));
  const up = now.backends.filter(b => b.state.endsWith("Up")).length;
  setText(element("now-queries"), model.perSecond(history.rate(sumOf("protocols", "queries"))));
  setText(element("now-p99"), model.latency(model.percentile(all, 0.99)));
  setText(element("now-in-flight"), model.count(now.inFlight));
  setText(element("now-connections"), model.count(sumOf("protocols", "connections")(now)));
  const failing = history.rate(sumOf("protocols", "servfail"));
  setText(element("now-servfail"), model.perSecond(failing));
  element("servfail-tile").dataset.state = failing > 0 ? "warning" : "quiet";
  setText(element("now-backends"), `${up} of ${now.backends.length}`);
  element("backends-tile").dataset.state = up === now.backends.length ? "good" : up > 0 ? "warning" : "bad";
}

function showClients(now, before) {
  fill("protocols", now.protocols.map(p => {
    const then = model.find(before, "protocols", "name", p.name);
    const grown = key => model.count(model.growth(p, then, key));
    return {
      key: p.name,
      cells: [
        p.name, model.perSecond(rateOf("protocols", "name", p.name, "queries")), grown("queries"), grown("responses"),
        ...percentiles(model.newBuckets(p.latency, then.latency)),
        grown("servfail"), grown("dropped"), p.name === "UDP" ? "–" : model.count(p.connections),
      ],
    };
  }));
}

function showHandshakes(now, before) {
  const secure = now.protocols.filter(p => p.tls);
  element("no-handshakes").hidden = secure.length > 0;
  element("handshakes").hidden = secure.length === 0;
  fill("handshakes", secure.map(p => {
    const then = model.find(before, "protocols", "name", p.name);
    return {
      key: p.name,
      cells: [
        p.name,
        model.perSecond(rateOf("protocols", "name", p.name, "newSessions")),
        model.perSecond(rateOf("protocols", "name", p.name, "resumptions")),
        model.count(model.growth(p, then, "newSessions")),
        model.count(model.growth(p, then, "resumptions")),
      ],
    };
  }));
}

function showFailures(now, before) {
  const failures = now.failures
    .map(f => ({ reason: f.reason, count: model.growth(f, model.find(before, "failures", "reason", f.reason), "count") }))
    .filter(f => f.count > 0)
    .sort((a, b) => b.count - a.count);
  const list = element("failures");
  element("no-failures").hidden = failures.length > 0;
  while (list.children.length > failures.length) {
    list.lastChild.remove();
  }
  failures.forEach((failure, i) => {
    const item = list.children[i] ?? list.appendChild(barItem());
    item.dataset.key = failure.reason;
    setText(item.children[0], failure.reason.replaceAll("-", " "));
    setText(item.children[1], model.count(failure.count));
    item.children[2].style.inlineSize = `${failure.count * 100 / failures[0].count}%`;
  });
}

function barItem() {
  const item = document.createElement("li");
  item.append(...["span", "strong", "i"].map(name => document.createElement(name)));
  return item;
}

const STATES = {
  Up: ["up", "good"], ForcedUp: ["up, forced", "good"], Down: ["down", "bad"], ForcedDown: ["down, forced", "bad"],
};

function showBackends(now, before) {
  fill("backends", now.backends.map(b => {
    const then = model.find(before, "backends", "id", b.id);
    const kinds = [["timeouts", "timeouts"], ["lost", "lost connections"], ["connectFailures", "failed connects"], ["tlsFailures", "TLS failures"], ["checkFailures", "failed checks"]];
    const errors = kinds.map(([key, name]) => [name, model.growth(b, then, key)]);
    return {
      key: b.id,
      cells: [
        [b.name, b.address], [STATES[b.state][0], b.reason], model.perSecond(rateOf("backends", "id", b.id, "queries")), model.count(b.outstanding),
        model.count(model.growth(b, then, "responses")), ...percentiles(model.newBuckets(b.latency, then.latency)),
        [model.count(errors.reduce((sum, [, n]) => sum + n, 0)), errors.map(([name, n]) => `${n} ${name}`).join(", ")], model.count(b.connections),
        b.pools.map(poolName).join(", "),
      ],
    };
  }));
  for (const b of now.backends) {
    const row = rowOf("backends", b.id);
    row.cells[1].dataset.state = STATES[b.state][1];
    row.cells[8].dataset.state = row.cells[8].textContent === "0" ? "quiet" : "warning";
    row.cells[0].dataset.note = b.name === b.address ? "" : b.address;
    row.cells[1].dataset.note = b.reason;
  }
}

const poolName = name => name === "" ? "default" : name;

/** What a pool's cache is full to, how many it answers in a second, and which share of what it was asked. */
function cacheCells(pool, before) {
  if (pool.cacheSize === 0) {
    return ["–", "–", "–", "–"];
  }
  const then = model.find(before, "pools", "name", pool.name);
  const [hits, misses] = ["cacheHits", "cacheMisses"].map(key => model.growth(pool, then, key));
  return [
    [`${model.count(pool.cacheEntries)} of ${model.count(pool.cacheSize)}`, model.megabytes(pool.cacheBytes)],
    model.perSecond(rateOf("pools", "name", pool.name, "cacheHits")),
    hits + misses > 0 ? `${(100 * hits / (hits + misses)).toFixed(1)} %` : "–",
    model.count(model.growth(pool, then, "cacheStaleHits")),
  ];
}

/** Pools, where there are others than the default one, or one has a cache. */
function showPools(now, before) {
  const areSeveral = now.pools.length > 1;
  const haveCache = now.pools.some(p => p.cacheSize > 0);
  element("pools-card").hidden = !areSeveral && !haveCache;
  element("pools").dataset.cache = haveCache ? "some" : "none";
  element("backends").dataset.pools = areSeveral ? "several" : "one";
  fill("pools", now.pools.map(p => ({ key: p.name, cells: [poolName(p.name), p.policy, `${p.up} of ${p.servers}`, ...cacheCells(p, before)] })));
  for (const p of now.pools) {
    rowOf("pools", p.name).cells[2].dataset.state = p.up === p.servers && p.up > 0 ? "good" : p.up > 0 ? "warning" : "bad";
  }
}

/** Dynamic blocks, where there are any: those that were met most. */
function showBlocks(now) {
  element("blocks-card").hidden = now.blockCount === 0;
  setText(element("block-count"), now.blockCount > now.blocks.length ? `${now.blocks.length} of ${model.count(now.blockCount)}` : "");
  fill("blocks", now.blocks.map(b => ({
    key: b.what,
    cells: [b.what, model.count(b.seconds), model.count(b.hits), b.warning ? "Warning only" : b.action, b.reason],
  })));
}

const SVG = "http://www.w3.org/2000/svg";
const GRID_LINES = 4;

function svgElement(name, parent, className) {
  const made = document.createElementNS(SVG, name);
  made.setAttribute("class", className);
  return parent.appendChild(made);
}

const setAll = (target, attributes) => Object.entries(attributes).forEach(([name, value]) => target.setAttribute(name, value));

/** What the graph spans, milliseconds: what has been seen, in steps of a minute. */
const span = () => Math.min(Math.max(Math.ceil(history.age / MINUTE_MS), 1) * MINUTE_MS, model.HISTORY_MS);

function showGraph(now) {
  const svg = element("graph");
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  const [left, top, bottom] = [0, 20, 20];
  const lines = now.protocols.map(p => ({ name: p.name, points: history.series(s => model.find(s, "protocols", "name", p.name).queries ?? 0) }));
  const most = model.niceBound(Math.max(0, ...lines.flatMap(l => l.points.map(p => p.rate))));
  const x = age => width - (width - left) * age / span();
  const y = rate => height - bottom - (height - top - bottom) * rate / most;

  while (svg.querySelectorAll("line.grid").length <= GRID_LINES) {
    svgElement("line", svg, "grid");
    svgElement("text", svg, "value");
  }
  svg.querySelectorAll("line.grid").forEach((line, i) => setAll(line, { x1: left, x2: width, y1: y(most * i / GRID_LINES), y2: y(most * i / GRID_LINES) }));
  svg.querySelectorAll("text.value").forEach((text, i) => {
    setAll(text, { x: 0, y: y(most * i / GRID_LINES) - 4 });
    setText(text, i === 0 ? "" : model.count(most * i / GRID_LINES));
  });
  [1, 0.5, 0].forEach((share, i) => {
    const text = svg.querySelectorAll("text.time")[i] ?? svgElement("text", svg, "time");
    setAll(text, { x: x(share * span()), y: height - 4, "text-anchor": ["start", "middle", "end"][i] });
    setText(text, share === 0 ? "now" : `−${model.duration(share * span())}`);
  });

  for (const { name, points } of lines) {
    const line = svg.querySelector(`[data-key="${name}"]`) ?? svgElement("polyline", svg, "series");
    line.dataset.key = name;
    line.setAttribute("points", points.map(p => `${x(p.age).toFixed(1)},${y(p.rate).toFixed(1)}`).join(" "));
  }
  showPointed(svg, x, top, height - bottom);
  showLegend(lines);
  svg.setAttribute("aria-label", `Queries a second over the last minutes; now ${lines.map(l => `${l.name} ${model.perSecond(l.points.at(-1)?.rate ?? 0)}`).join(", ")}`);
}

function showPointed(svg, x, top, bottom) {
  const line = svg.querySelector("line.pointed") ?? svgElement("line", svg, "pointed");
  const at = pointedAge === null ? -10 : x(pointedAge);
  setAll(line, { x1: at, x2: at, y1: top, y2: bottom });
  setText(element("graph-time"), pointedAge === null ? "" : new Date(Date.now() - pointedAge).toLocaleTimeString());
}

function showLegend(lines) {
  for (const { name, points } of lines) {
    let item = element("legend").querySelector(`[data-key="${name}"]`);
    if (!item) {
      item = document.createElement("li");
      item.dataset.key = name;
      const swatch = svgElement("svg", item, "swatch");
      swatch.setAttribute("viewBox", "0 0 24 6");
      swatch.setAttribute("aria-hidden", "true");
      const line = svgElement("polyline", swatch, "series");
      line.dataset.key = name;
      line.setAttribute("points", "0,3 24,3");
      item.append(name, document.createElement("strong"));
      element("legend").append(item);
    }
    const shown = pointedAge === null ? points.at(-1)
      : points.reduce((best, p) => best && Math.abs(best.age - pointedAge) <= Math.abs(p.age - pointedAge) ? best : p, undefined);
    setText(item.lastChild, model.perSecond(shown?.rate ?? 0));
  }
}

function showConnection(state, text) {
  const connection = element("connection");
  connection.dataset.state = state;
  setText(connection, text);
  element("main").classList.toggle("stale", state === "stale");
}

/** Says since when the numbers stand still; the time, not a running count, so that a screen reader says it once. */
function showStale(reason) {
  showConnection("stale", answeredAt === 0 ? reason : `${reason}; numbers of ${new Date(answeredAt).toLocaleTimeString()}`);
}

/** Asking again would use up the attempts that the server grants this address, so the reader is to log in first. */
function showLogin() {
  showStale("login needed");
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = "reload";
  element("connection").append(" – ", link);
}

async function poll() {
  const began = performance.now();
  try {
    const response = await fetch("live.json", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok) {
      history.add(await response.json());
      answeredAt = Date.now();
      show();
      showConnection("live", "live");
    } else if (response.status === 401) {
      showLogin();
      return;
    } else {
      showStale(`the server says ${response.status}`);
    }
  } catch {
    showStale("no answer");
  }
  setTimeout(poll, Math.max(POLL_MS - (performance.now() - began), 100));
}

const again = () => history.latest && show();
document.querySelectorAll("input[name=window]").forEach(input => input.addEventListener("change", again));
new ResizeObserver(again).observe(element("graph"));
element("graph").addEventListener("pointermove", event => {
  const box = element("graph").getBoundingClientRect();
  pointedAge = Math.round((box.right - event.clientX) / box.width * span());
  again();
});
element("graph").addEventListener("pointerleave", () => {
  pointedAge = null;
  again();
});
poll();
