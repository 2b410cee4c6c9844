// The live panel: it draws the frames that the kernel sends, and keeps the last minutes of them.
//
// One plain module, no build step, nothing loaded from elsewhere. `initialize` finds the output of
// its cell by a mark and draws there; what the cell stored shows again when the panel is gone.
// `render` draws into an element of its own, for notebooks that show widgets elsewhere.

const KEPT_SECONDS = 300; // to step back through
const KEPT_SIZE = 20e6; // characters of frames
const KEPT_SEGMENTS = 400; // of one bar
const MOST_ROWS = 200;
const HEARTBEAT = 5000; // milliseconds: the kernel ends a feed that nobody watches
const GONE = 3000; // milliseconds without a place in the page, until the panel closes
const QUIET = 6; // seconds without a word from the kernel
const SPOKEN = 4000; // milliseconds between two summaries for a screen reader
const SHORTEST = 8; // seconds shown at first
const WINDOWS = [10, 30, 120, 300];

const WORDS = {
  waiting: ["◷", "waits"], running: ["▶", "runs"], new: ["○", "not begun"],
  blocked: ["■", "blocked"], open: ["○", "idle"], closed: ["✕", "closed"], ended: ["✓", "ended"],
};

// -- what the kernel sent ------------------------------------------------------------------------

class Recording {
  constructor() {
    this.frames = []; // {moment, frame, size}
    this.rows = new Map(); // key: {kind, lane, segments: [{from, to, words, state}]}
    this.size = 0;
    this.offset = null; // of the browser's clock to the kernel's
    this.news = performance.now();
  }

  hear(said) {
    const now = performance.now() / 1000;
    this.news = performance.now();
    if (this.frames.length && said.moment < this.frames.at(-1).moment - 1) this.forget();
    const offset = now - said.moment;
    if (this.offset === null || offset < this.offset) this.offset = offset;
    if (said.frame) this.add(said.moment, said.frame);
    else this.extend(said.moment);
  }

  forget() { // the kernel has begun anew
    this.frames = []; this.rows.clear(); this.size = 0; this.offset = null;
  }

  get now() { // in the kernel's clock
    return this.offset === null ? 0 : performance.now() / 1000 - this.offset;
  }

  get last() { return this.frames.at(-1)?.frame ?? null; }

  add(moment, frame) {
    const size = JSON.stringify(frame).length;
    this.frames.push({ moment, frame, size });
    this.size += size;
    while (this.frames.length > 1
      && (this.size > KEPT_SIZE || this.frames[0].moment < moment - KEPT_SECONDS)) {
      this.size -= this.frames.shift().size;
    }
    this.note(moment, frame);
  }

  // Keep for each row what it showed and when: drawing reads no old frames.
  note(moment, frame) {
    const seen = new Set();
    const put = (key, kind, lane, words, state, about, until) => {
      seen.add(key);
      let row = this.rows.get(key);
      if (!row) this.rows.set(key, row = { key, kind, lane, segments: [], born: moment });
      row.about = about;
      const last = row.segments.at(-1);
      const goesOn = last?.stopped && until === undefined; // after a block it begins anew
      if (last && last.open && !goesOn && last.words === words && last.state === state) {
        last.to = until ?? moment;
        last.stopped = until !== undefined;
      } else {
        if (last && last.open) { last.open = false; last.to = last.stopped ? last.to : moment; }
        row.segments.push({ from: moment, to: until ?? moment, words, state, open: true,
          stopped: until !== undefined });
        if (row.segments.length > KEPT_SEGMENTS) row.segments.shift();
      }
    };
    for (const lane of frame.lanes ?? []) {
      const until = lane.block?.began;
      put(`lane ${lane.key}`, "lane", lane.key, lane.state, lane.state, lane);
      for (const one of lane.fixtures ?? [])
        put(`fixture ${lane.key} ${one.name}`, "fixture", lane.key, one.name, "fixture", one);
      for (const one of lane.bars ?? [])
        put(`bar ${one.key}`, "bar", lane.key, doing(one), one.state, one, until);
    }
    for (const one of frame.fixtures ?? [])
      put(`fixture - ${one.name}`, "fixture", "tests", one.name, "fixture", one);
    for (const one of frame.tests ?? [])
      put(`test ${one.name}`, "test", "tests", one.outcome ?? one.phase ?? "runs",
        one.outcome ?? "running", one);
    for (const row of this.rows.values()) {
      const last = row.segments.at(-1);
      if (!seen.has(row.key) && last.open) {
        last.open = false;
        last.to = moment;
      }
    }
    for (const [key, row] of this.rows) {
      while (row.segments.length > 1 && row.segments[0].to < moment - KEPT_SECONDS)
        row.segments.shift();
      const last = row.segments.at(-1);
      if (!last.open && last.to < moment - KEPT_SECONDS) this.rows.delete(key);
    }
  }

  extend(moment) {
    for (const row of this.rows.values()) {
      const last = row.segments.at(-1);
      if (last.open && !last.stopped) last.to = Math.max(last.to, moment);
    }
  }

  at(moment) { // the frame that was shown then
    let low = 0, high = this.frames.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.frames[middle].moment <= moment) low = middle; else high = middle - 1;
    }
    return this.frames[low] ?? null;
  }
}

function doing(bar) {
  const [first, ...rest] = bar.waits ?? [];
  const where = first?.at ? `${first.words} · ${first.at}` : first?.words ?? "";
  const others = rest.reduce((sum, one) => sum + one.count, bar.more ?? 0);
  return others ? `${where}; ${others.toLocaleString("en")} elsewhere` : where;
}

const who = bar => bar.count === 1 ? bar.name : `${bar.name} × ${bar.count.toLocaleString("en")}`;
const short = text => text?.replace(/^asyncio\.(locks|queues|tasks|futures)\./, "asyncio.") ?? "";

// -- what it looks like --------------------------------------------------------------------------

const STYLE = `
:host { display: block; }
.panel { --ink: #1b2430; --soft: #55606e; --ground: var(--jp-layout-color1, #fff);
  --line: #c9d0d8; --edge: #7b8694; --home: #0b5cad; --wait: #dbe9f8; --run: #cdebd4; --leaf: #1f6b33;
  --new: #eef1f5; --fault: #a83a00; --alarm: #fdeadf; --plum: #6d2f86; --plumground: #f1e6f6;
  color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 8px;
  font: 13px/1.4 var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", sans-serif);
  position: relative; max-width: 1200px; overflow: hidden; }
.panel.dark { --ink: #e8edf4; --soft: #a6b1be; --ground: var(--jp-layout-color1, #111);
  --line: #3a4450; --edge: #8591a0; --home: #78b7ff; --wait: #1c3550; --run: #1d3d27; --leaf: #84d39a;
  --new: #262d36; --fault: #ff9d5f; --alarm: #3a2013; --plum: #d9a5ee; --plumground: #34203d; }
.bar, .head { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 6px 8px; }
.head { border-bottom: 1px solid var(--line); }
button, select, input { font: inherit; color: var(--ink); background: transparent;
  border: 1px solid var(--edge); border-radius: 5px; padding: 2px 8px; min-height: 26px; }
option { color: #111; background: #fff; }
button { cursor: pointer; }
button:hover { background: var(--new); }
button:focus-visible, select:focus-visible, input:focus-visible, .row:focus-visible {
  outline: 2px solid var(--home); outline-offset: 1px; }
input[type=search] { width: 11em; }
input[type=range] { flex: 1; min-width: 6em; padding: 0; border: 0; accent-color: var(--home); }
label { display: inline-flex; gap: 4px; align-items: center; }
.space { flex: 1; }
.state { font-weight: 600; }
.news.old { color: var(--fault); font-weight: 600; }
.news { color: var(--soft); }
.rows { padding: 2px 0 4px; max-height: 460px; overflow-y: auto; }
.row, .axis { display: grid; gap: 8px; box-sizing: border-box;
  grid-template-columns: minmax(190px, 24%) minmax(140px, 1fr) minmax(150px, 30%); }
.row { width: 100%;
  border: 0; border-radius: 0; padding: 0 8px; min-height: 24px; text-align: left;
  align-items: center; background: transparent; }
.row.lane { margin-top: 6px; min-height: 28px; cursor: default; border-top: 1px solid var(--line); }
.row.lane:hover { background: transparent; }
.row.lane:first-child { border-top: 0; margin-top: 0; }
.words { font-size: 12px; }
.row.old .name, .row.old .words, .words small { color: var(--soft); }
.row[aria-expanded=true] { background: var(--new); }
.name, .words { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row.lane .name { font-weight: 600; }
.row:not(.lane) .name { padding-left: 18px; }
.name small { font-weight: 400; font-size: 12px; color: var(--soft); }
.code { font-family: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace); font-size: 12px; }
.track { position: relative; height: 20px; overflow: hidden; }
.lane .track { height: 24px; }
.seg { position: absolute; top: 1px; bottom: 1px; box-sizing: border-box; overflow: hidden;
  white-space: nowrap; font-size: 12px; line-height: 16px; padding: 0 5px; border-radius: 3px;
  color: var(--ink); background: var(--wait); border-left: 3px solid var(--home); }
.seg.running { background: var(--run); border-left-color: var(--leaf); }
.seg.new { background: var(--new); border: 1px dotted var(--edge); }
.seg.fixture { background: var(--plumground); border-left: 3px double var(--plum); border-radius: 9px; }
.seg.passed { background: var(--run); border-left-color: var(--leaf); }
.seg.failed { background: var(--alarm); border-left-color: var(--fault); font-weight: 600; }
.seg.skipped { background: var(--new); border-left-color: var(--edge); }
.life { position: absolute; top: 11px; height: 2px; background: var(--edge); }
.life.running { background: var(--home); }
.block { position: absolute; top: 1px; bottom: 1px; box-sizing: border-box; color: var(--ink);
  border: 2px solid var(--fault); border-radius: 3px; font-size: 12px; line-height: 18px; font-weight: 600;
  padding: 0 5px; white-space: nowrap; overflow: hidden;
  background: repeating-linear-gradient(135deg, var(--alarm) 0 6px, transparent 6px 12px), var(--ground); }
.block.thin { border-width: 0 0 0 2px; border-radius: 0; padding: 0; }
.block span { background: var(--alarm); padding: 0 4px; border-radius: 3px; }
.mark { display: inline-block; margin-right: 8px; color: var(--home); }
.chip { display: inline-block; padding: 0 6px; border-radius: 9px; border: 1px solid var(--edge);
  font-size: 12px; font-weight: 600; margin-left: 4px; }
.chip.blocked { border-color: var(--fault); color: var(--fault); background: var(--alarm); }
.chip.running { border-color: var(--home); color: var(--home); }
.badge { position: absolute; top: 3px; width: 16px; height: 16px; margin-left: -8px; border-radius: 50%;
  background: var(--fault); color: var(--ground); font-size: 11px; line-height: 16px; text-align: center;
  font-weight: 700; }
.axis { padding: 0 8px 4px; color: var(--soft);
  font-size: 12px; }
.ticks { display: flex; justify-content: space-between; }
.badges { margin: 0; padding: 6px 8px 8px 8px; border-top: 1px solid var(--line); list-style: none;
  max-height: 8.5em; overflow-y: auto; }
.badges li { padding: 1px 0; }
.badges b { color: var(--fault); }
.detail { border-top: 1px solid var(--line); padding: 6px 8px; }
.detail ol { margin: 2px 0; padding-left: 24px; }
.none { padding: 10px 8px; color: var(--soft); }
.hide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
@media (forced-colors: active) { .seg, .block, .chip { border: 1px solid CanvasText; } }
`;

const made = (tag, props = {}, ...inside) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...inside);
  return node;
};

const seconds = one => one < 10 ? `${one.toFixed(1)} s` : `${Math.round(one)} s`;

// -- one view ------------------------------------------------------------------------------------

class View {
  constructor(root, recording, { close, machinery }) {
    this.recording = recording;
    this.close = close;
    this.span = 30;
    this.paused = null; // the moment that is shown, null: now
    this.chosen = null;
    this.spoken = 0;
    this.said = "";
    this.nodes = new Map();
    this.build(root, machinery);
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.last = 0;
    this.step = this.step.bind(this);
    this.drawing = requestAnimationFrame(this.step);
  }

  build(root, machinery) {
    const button = (words, label, act) => {
      const node = made("button", { type: "button", textContent: words, title: label });
      if (words !== label) node.setAttribute("aria-label", label);
      node.addEventListener("click", act);
      return node;
    };
    this.pause = button("Pause", "Pause (space)", () => this.toggle());
    this.pause.removeAttribute("aria-label");
    const back = button("◀", "One change back (left arrow)", () => this.move(-1));
    const forth = button("▶", "One change forward (right arrow)", () => this.move(1));
    this.slider = made("input", { type: "range", min: 0, max: 0, value: 0, step: "any" });
    this.slider.setAttribute("aria-label", "Moment shown");
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    this.window = made("select", { title: "How much time is shown" },
      ...WINDOWS.map(one => made("option", { value: one, selected: one === this.span,
        textContent: one < 60 ? `${one} s` : `${one / 60} min` })));
    this.window.setAttribute("aria-label", "How much time is shown");
    this.window.addEventListener("change", () => { this.span = Number(this.window.value); this.draw(); });
    this.filter = made("input", { type: "search", placeholder: "Filter (/)" });
    this.filter.setAttribute("aria-label", "Show only rows with these words");
    this.filter.addEventListener("input", () => this.draw());
    this.machinery = made("input", { type: "checkbox", checked: machinery });
    this.machinery.addEventListener("change", () => this.draw());
    this.news = made("span", { className: "news" });
    this.head = made("div", { className: "head", role: "toolbar" },
      this.pause, back, forth, this.slider, this.window, this.filter,
      made("label", {}, this.machinery, "machinery"), this.news,
      button("✕ Close", "Close the panel", this.close));
    this.head.setAttribute("aria-label", "Live panel");
    this.head.lastChild.removeAttribute("aria-label");
    this.rows = made("div", { className: "rows", role: "group" });
    this.rows.setAttribute("aria-label", "Loops and their tasks");
    this.none = made("div", { className: "none" });
    this.ticks = made("div", { className: "ticks" });
    this.axis = made("div", { className: "axis" }, made("span"), this.ticks, made("span"));
    this.detail = made("div", { className: "detail", hidden: true });
    this.badges = made("ul", { className: "badges", hidden: true });
    this.badges.setAttribute("aria-label", "What happened");
    this.speaker = made("div", { className: "hide", role: "status" });
    this.speaker.setAttribute("aria-live", "polite");
    this.node = made("section", { className: "panel" },
      this.head, this.rows, this.none, this.axis, this.detail, this.badges, this.speaker);
    this.node.setAttribute("aria-label", "loopcheck live");
    this.node.addEventListener("keydown", event => this.key(event));
    root.append(made("style", { textContent: STYLE }), this.node);
  }

  // -- time

  get moment() { return this.paused ?? this.recording.now; }

  toggle() { this.show(this.paused === null ? this.recording.now : null); }

  show(moment) {
    this.paused = moment;
    this.pause.textContent = moment === null ? "Pause" : "Resume";
    this.draw();
  }

  move(by) {
    const frames = this.recording.frames;
    if (!frames.length) return;
    const found = this.recording.at(this.moment);
    let at = frames.indexOf(found);
    if (by < 0 && this.moment - found.moment > 0.05) at += 1; // back to the begin of this one
    const next = frames[Math.max(0, Math.min(frames.length - 1, at + by))];
    this.show(next.moment);
  }

  key(event) {
    const typing = event.composedPath()[0] instanceof HTMLInputElement
      && event.composedPath()[0].type === "search";
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      Escape: () => { this.filter.value = ""; this.choose(null); },
      ...(typing ? {} : {
        ArrowLeft: () => this.move(-1), ArrowRight: () => this.move(1),
        Home: () => this.show(this.recording.frames[0]?.moment ?? null), End: () => this.show(null),
        ArrowUp: () => this.go(-1), ArrowDown: () => this.go(1),
        m: () => { this.machinery.checked = !this.machinery.checked; this.draw(); },
        "/": () => this.filter.focus(),
      }),
    };
    const inside = event.composedPath()[0];
    if (event.key === " " && !typing && !/^(BUTTON|SELECT|INPUT)$/.test(inside.tagName)
      || event.key === " " && inside.classList?.contains("row")) acts[" "] = () => this.toggle();
    if (/^Arrow|Home|End/.test(event.key) && /^(SELECT|INPUT)$/.test(inside.tagName)) return;
    const act = acts[event.key];
    if (act) { event.preventDefault(); event.stopPropagation(); act(); }
  }

  go(by) {
    const rows = [...this.rows.querySelectorAll("button.row")];
    const at = rows.indexOf(this.node.getRootNode().activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
  }

  choose(key) {
    this.chosen = this.chosen === key ? null : key;
    this.draw();
  }

  // -- drawing

  step(time) {
    this.drawing = requestAnimationFrame(this.step);
    const pause = this.still.matches ? 1000 : 100;
    if (document.hidden || time - this.last < pause || !this.node.isConnected) return;
    this.last = time;
    if (this.paused === null) this.draw(); else this.tellNews();
  }

  stop() { cancelAnimationFrame(this.drawing); }

  draw() {
    const light = document.body.dataset.jpThemeLight;
    const dark = light === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches : light === "false";
    this.node.classList.toggle("dark", dark);
    const moment = this.moment, frame = this.recording.at(moment)?.frame;
    const oldest = this.recording.frames[0]?.moment ?? 0;
    this.wide = Math.min(this.span, Math.max(SHORTEST, (this.recording.now - oldest) * 1.02));
    this.from = moment - this.wide;
    this.slider.min = oldest;
    this.slider.max = this.recording.now;
    this.slider.value = moment;
    this.slider.setAttribute("aria-valuetext", this.paused === null ? "now"
      : `${seconds(this.recording.now - moment)} ago`);
    this.tellNews();
    this.drawRows(frame, moment);
    this.drawTicks();
    this.drawDetail(frame);
    this.drawBadges(frame, moment);
    this.speak(frame);
  }

  tellNews() {
    const old = (performance.now() - this.recording.news) / 1000;
    const quiet = old > QUIET;
    this.news.classList.toggle("old", quiet);
    const ago = this.recording.now - (this.paused ?? 0);
    const words = !this.recording.last ? "waiting for the kernel …"
      : quiet ? `▲ no news since ${Math.round(old)} s`
      : this.paused !== null ? `paused, ${seconds(ago)} ago` : "● live";
    if (this.news.textContent !== words) this.news.textContent = words;
    this.news.title = quiet
      ? "The kernel can't send: code in it lets no thread run, or it has ended." : "";
  }

  visible(frame) {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const machinery = this.machinery.checked;
    const fits = row => words.every(word => (row.text ?? "").toLowerCase().includes(word));
    const lanes = [], byLane = new Map();
    for (const row of this.recording.rows.values()) {
      const first = row.segments.find(one => this.end(one) >= this.from && one.from <= this.moment);
      if (!first) continue;
      if (row.kind === "lane") { lanes.push(row); continue; }
      if (!machinery && row.about.machinery) continue;
      row.text = `${row.about.name} ${row.segments.at(-1).words} ${row.about.made_at ?? ""} `
        + `${(row.about.names ?? []).join(" ")} ${row.lane}`;
      if (words.length && !fits(row)) continue;
      if (!byLane.has(row.lane)) byLane.set(row.lane, []);
      byLane.get(row.lane).push(row);
    }
    const order = { test: 0, fixture: 1, bar: 2 };
    const found = [];
    const add = rows => found.push(...rows.sort((a, b) =>
      order[a.kind] - order[b.kind] || a.born - b.born));
    if (byLane.has("tests")) {
      found.push({ key: "tests", kind: "tests", segments: [], about: {} });
      add(byLane.get("tests"));
    }
    for (const lane of lanes.sort((a, b) => a.born - b.born)) {
      const mine = byLane.get(lane.lane) ?? [];
      // The kernel's loop is yours as long as a task of yours was on it.
      if (!machinery && lane.about.machinery && !mine.length) continue;
      if (words.length && !mine.length && !`${lane.about.label} ${lane.about.role ?? ""}`
        .toLowerCase().includes(words.join(" "))) continue;
      found.push(lane);
      add(mine);
    }
    return found.slice(0, MOST_ROWS + 60);
  }

  end(segment) { return segment.open && !segment.stopped ? Math.max(segment.to, this.moment) : segment.to; }

  drawRows(frame, moment) {
    const rows = this.visible(frame);
    const keep = new Set(rows.map(one => one.key));
    for (const [key, node] of this.nodes)
      if (!keep.has(key)) { node.remove(); this.nodes.delete(key); }
    let before = null;
    for (const row of rows) {
      let node = this.nodes.get(row.key);
      if (!node) this.nodes.set(row.key, node = this.newRow(row));
      if (before ? before.nextSibling !== node : this.rows.firstChild !== node)
        this.rows.insertBefore(node, before ? before.nextSibling : this.rows.firstChild);
      before = node;
      this.drawRow(node, row, frame, moment);
    }
    this.none.hidden = rows.length > 0;
    if (!rows.length) this.none.textContent = !frame ? "Waiting for the first picture …"
      : this.filter.value ? "No row has these words." : "No loop of yours runs, and no task of yours waits.";
    this.axis.hidden = !rows.length;
  }

  newRow(row) {
    const lane = row.kind === "lane" || row.kind === "tests";
    const node = made(lane ? "div" : "button", { className: `row ${lane ? "lane" : row.kind}` },
      made("span", { className: "name" }), made("span", { className: "track" }),
      made("span", { className: "words" }));
    if (!lane) {
      node.type = "button";
      node.addEventListener("click", () => this.choose(row.key));
    }
    return node;
  }

  drawRow(node, row, frame, moment) {
    const [name, track, words] = node.children;
    const open = row.segments.some(one =>
      one.from <= moment && (one.open || this.end(one) >= moment - 0.3));
    node.classList.toggle("old", !open && row.kind !== "tests");
    if (row.kind === "tests") { this.put(name, "tests", ["tests of this notebook"]); return; }
    const then = frame && row.kind === "lane"
      ? (frame.lanes ?? []).find(one => one.key === row.lane) : null;
    const about = then ?? row.about;
    if (row.kind === "lane") this.nameLane(name, words, about, open, moment);
    else {
      const last = row.segments.findLast(one => one.from <= moment) ?? row.segments[0];
      const said = row.kind === "fixture" ? about.at ?? "" : short(last.words);
      this.put(words, `${said}${open}`, [said, ...(open || row.kind === "test" ? [] : [" · ended"])]);
      words.title = words.textContent;
      this.put(name, `${about.count} ${about.scope}`, row.kind === "bar"
        ? [made("span", { className: "code", textContent: who(about) })]
        : row.kind === "fixture"
          ? ["⌂ ", made("span", { className: "code", textContent: about.name }),
            made("small", { textContent: ` fixture, ${about.scope}` })]
          : [made("span", { className: "code", textContent: about.name })]);
      node.setAttribute("aria-expanded", String(this.chosen === row.key));
      node.setAttribute("aria-label", this.spokenRow(row, about));
    }
    name.title = row.kind === "lane" ? about.role ?? "" : about.name;
    this.drawTrack(track, row, about, moment);
  }

  spokenRow(row, about) {
    const last = row.segments.findLast(one => one.from <= this.moment) ?? row.segments[0];
    if (row.kind === "bar") return `${who(about)}, ${last.open ? "" : "ended, "}${last.words}, on ${row.lane}`;
    if (row.kind === "fixture") return `fixture ${about.name}, ${about.scope}`;
    return `test ${about.name}, ${last.words}`;
  }

  // Replace the children only if *key* changed: focus and selection stay.
  put(node, key, children) {
    if (node.dataset.key === key) return;
    node.dataset.key = key;
    node.replaceChildren(...children);
  }

  nameLane(name, words, lane, open, moment) {
    const state = !open ? "closed" : lane.state;
    const block = open ? lane.block : null;
    const [sign, word] = state === "running" ? ["▶", "running"] : WORDS[state] ?? ["", state];
    const long = block ? ` ${seconds(Math.max(0, moment - block.began))}` : "";
    this.put(name, `${state}${lane.label}`, [lane.label,
      made("span", { className: `chip ${state}`, textContent: `${sign} ${word}` })]);
    const marks = lane.marks ?? [];
    const at = block ? `blocked${long}${block.call ? ` by ${block.call}` : ""} at ${block.at}` : "";
    this.put(words, `${at}|${lane.role}|${lane.thread}|${marks.map(one => one.name)}`, block
      ? [made("b", { textContent: at })]
      : [...marks.slice(0, 4).map(one => made("span", { className: "mark code",
          textContent: `◆ ${one.name}`, title: `${one.name} (${one.type}) is bound to this loop` })),
        made("small", { textContent: [lane.role, lane.thread].filter(Boolean).join(", ") })]);
    words.title = words.textContent;
  }

  drawTrack(track, row, about, moment) {
    const place = (from, to) => {
      const left = Math.max(0, (from - this.from) / this.wide) * 100;
      const right = Math.min(1, (to - this.from) / this.wide) * 100;
      return [left, Math.max(right - left, 0.4)];
    };
    const parts = [];
    const shown = row.segments.filter(one => this.end(one) >= this.from && one.from <= moment);
    for (const one of shown) {
      const until = Math.min(moment, this.end(one));
      const [left, wide] = place(one.from, until);
      if (row.kind === "lane") {
        parts.push([`life ${one.state === "blocked" ? "running" : one.state}`, left, wide, ""]);
      } else {
        const sign = { running: "▶ ", new: "○ ", passed: "✓ ", failed: "✗ ", skipped: "– " }[one.state] ?? "";
        parts.push([`seg ${one.state}`, left, wide, sign + short(one.words)]);
      }
    }
    if (row.kind === "lane") {
      for (const [from, to, words] of this.blocks(row.lane, moment)) {
        const [left, wide] = place(from, to);
        parts.push(["block", left, wide, words]);
      }
    } else if (row.kind === "bar") {
      for (const [from, to] of this.blocks(row.lane, moment)) {
        if (!shown.some(one => one.from < to && this.end(one) >= from - 0.2)) continue;
        const [left, wide] = place(from, to);
        parts.push(["block thin", left, wide, ""]);
      }
    }
    this.fill(track, parts);
  }

  // The times when a lane was blocked, those that are over included.
  blocks(lane, moment) {
    const found = [];
    for (const badge of this.recording.last?.badges ?? []) {
      if (badge.kind !== "blocked" || badge.loop !== lane) continue;
      const from = badge.moment - badge.seconds;
      if (from <= moment && badge.moment >= this.from)
        found.push([from, Math.min(badge.moment, moment),
          `■ blocked ${seconds(Math.min(badge.seconds, moment - from))} ${badge.words} · ${badge.at ?? ""}`]);
    }
    const now = this.recording.at(moment)?.frame;
    const block = (now?.lanes ?? []).find(one => one.key === lane)?.block;
    if (block && !found.some(([from]) => Math.abs(from - block.began) < 0.2)) {
      found.push([block.began, moment, `■ blocked ${seconds(moment - block.began)}`
        + `${block.call ? ` by ${block.call}` : ""} · ${block.at ?? ""}`]);
    }
    return found;
  }

  fill(track, parts) {
    while (track.children.length > parts.length) track.lastChild.remove();
    parts.forEach(([look, left, wide, words], at) => {
      let node = track.children[at];
      if (!node) track.append(node = made("span"));
      if (node.className !== look) node.className = look;
      node.style.left = `${left.toFixed(2)}%`;
      node.style.width = `${wide.toFixed(2)}%`;
      if (node.title !== words) {
        node.title = words;
        node.replaceChildren(look === "block" ? made("span", { textContent: words }) : words);
      }
    });
  }

  drawTicks() {
    const key = `${this.wide.toFixed(1)} ${this.paused === null}`;
    const part = this.wide / 3;
    const words = at => at === 0 ? (this.paused === null ? "now" : "shown moment") : `−${seconds(at)}`;
    this.put(this.ticks, key, [3, 2, 1, 0].map(one => made("span", { textContent: words(one * part) })));
  }

  drawDetail(frame) {
    const row = this.chosen ? this.recording.rows.get(this.chosen) : null;
    this.detail.hidden = !row;
    if (!row) return;
    const lane = (frame?.lanes ?? []).find(one => one.key === row.lane);
    const bar = row.kind === "bar"
      ? (lane?.bars ?? []).find(one => `bar ${one.key}` === row.key) ?? row.about : row.about;
    const lines = [];
    if (row.kind === "bar") {
      lines.push(made("b", { className: "code", textContent: who(bar) }),
        ` on ${row.lane}; created ${bar.made_at ? `at ${bar.made_at}` : "before the panel opened"}`,
        ...(bar.names?.length ? [`; named ${bar.names.join(", ")}`] : []));
      for (const wait of bar.waits ?? []) {
        lines.push(made("div", { textContent: `${wait.count.toLocaleString("en")} ${wait.words}${wait.at ? ` at ${wait.at}` : ""}, through:` }),
          made("ol", {}, ...(wait.chain ?? []).map(one => made("li", { className: "code", textContent: one }))));
      }
      if (bar.more) lines.push(made("div", { textContent: `${bar.more.toLocaleString("en")} wait elsewhere` }));
    } else {
      lines.push(made("b", { className: "code", textContent: bar.name }),
        row.kind === "fixture" ? `: a fixture of ${bar.scope} scope${bar.at ? `, defined at ${bar.at}` : ""}`
          : `: ${bar.outcome ?? bar.phase ?? "runs in a child process; its loops and tasks are not seen from here"}`);
    }
    this.put(this.detail, JSON.stringify([row.key, bar]), lines);
  }

  drawBadges(frame, moment) {
    const found = (this.recording.last?.badges ?? []).filter(one => one.moment <= moment + 0.2).slice(-8);
    this.badges.hidden = !found.length;
    this.put(this.badges, found.map(one => one.number).join(), found.reverse().map(one =>
      made("li", {}, made("b", { textContent: `▲ ${one.kind}` }), ` ${one.loop ? `${one.loop} ` : ""}${one.words}`
        + `${one.seconds ? ` for ${seconds(one.seconds)}` : ""}${one.at ? ` · ${one.at}` : ""}`)));
  }

  // A sentence for a screen reader, when it changes and not more often than every few seconds.
  speak(frame) {
    const time = performance.now();
    if (!frame || time - this.spoken < SPOKEN) return;
    const lanes = (frame.lanes ?? []).filter(one => !one.machinery);
    const tasks = lanes.flatMap(one => one.bars ?? []).reduce((sum, one) => sum + one.count, 0);
    const blocked = lanes.filter(one => one.block).map(one =>
      `${one.label} is blocked${one.block.call ? ` by ${one.block.call}` : ""} at ${one.block.at}`);
    const badge = (frame.badges ?? []).at(-1);
    const words = [`${lanes.length} loops, ${tasks} tasks`, ...blocked,
      ...(badge ? [`last: ${badge.kind} ${badge.words}`] : [])].join("; ");
    if (words === this.said) return;
    this.said = words;
    this.spoken = time;
    this.speaker.textContent = words;
  }
}

// -- its place in the page -----------------------------------------------------------------------

const rendered = new Set(); // marks of panels that the notebook has drawn elsewhere

function begin(model) {
  const recording = new Recording();
  const hear = said => recording.hear(said);
  const send = said => { try { model.send(said); } catch { /* the kernel is gone */ } };
  model.on("msg:custom", hear);
  return { recording, send, end: () => model.off("msg:custom", hear) };
}

function mount(host, live, close) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();
  host.dataset.lmSuppressShortcuts = "true"; // keys are ours as long as the focus is here
  const machinery = host.hasAttribute("data-loopcheck-all");
  return new View(root, live.recording, { close, machinery });
}

function unmount(host, view) {
  view.stop();
  delete host.dataset.lmSuppressShortcuts;
  host.shadowRoot?.replaceChildren(document.createElement("slot")); // the still picture again
}

// Lab takes cells that are far out of sight out of the page: those are still there.
const here = host => host.isConnected || Boolean(host.getRootNode().classList?.contains("jp-Cell"));

function initialize({ model }) {
  const live = begin(model), views = new Map();
  const mark = `[data-loopcheck-live="${model.get("mark")}"]`;
  let gone = null, beat = 0, open = true;

  const end = (tell) => {
    if (!open) return;
    open = false;
    clearInterval(timer);
    for (const [host, view] of views) unmount(host, view);
    views.clear();
    live.end();
    if (tell) live.send({ close: true });
  };

  const look = () => {
    for (const host of document.querySelectorAll(mark))
      if (!views.has(host)) views.set(host, mount(host, live, () => end(true)));
    for (const [host, view] of views)
      if (!here(host)) { unmount(host, view); views.delete(host); }
    const time = performance.now();
    if (rendered.has(model.get("mark"))) { live.end(); open = false; clearInterval(timer); return; }
    if (views.size) gone = null;
    else if (gone === null) gone = time;
    else if (time - gone > (seen ? GONE : 20 * GONE)) return end(true);
    if (views.size) seen = true;
    if (views.size && time - beat > HEARTBEAT) { beat = time; live.send({ seen: true }); }
  };
  let seen = false;
  const timer = setInterval(look, 250);
  look();
  return () => end(false);
}

function render({ model, el }) {
  rendered.add(model.get("mark"));
  const live = begin(model);
  const host = document.createElement("div");
  el.append(host);
  const view = mount(host, live, () => { live.send({ close: true }); view.stop(); host.remove(); });
  live.send({ seen: true });
  const timer = setInterval(() => live.send({ seen: true }), HEARTBEAT);
  return () => { clearInterval(timer); view.stop(); live.end(); host.remove(); };
}

export default { initialize, render };
