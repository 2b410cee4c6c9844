// Draws the class board from `picture`, again every few seconds. No name is ever read as HTML.
"use strict";
const EVERY = 5000;
// Drawn, since no font is sure to have a raised hand. Each differs in shape, not only in colour.
const SIGNS = {
  hand: [["M7 13V6.5M10.6 12V3.5M14.2 12V4M17.8 13V7", true], ["M5.6 11.5h13.6v3.2a7.2 7.2 0 0 1-7.2 7.2c-3 0-4.9-1.5-6.3-4l-3.4-6 1.6-1.1 1.7 1.9z"]],
  stuck: [["M12 4v9.5", true], ["M12 17.2a2.3 2.3 0 1 0 .01 0z"]],
  working: [["M12 3a9 9 0 1 0 .01 0zM12 5.4a6.6 6.6 0 1 1-.01 0z"], ["M12 4v16a8 8 0 0 1 0-16z"]],
  reading: [["M12 3a9 9 0 1 0 .01 0zM12 5.4a6.6 6.6 0 1 1-.01 0z"]],
  solved: [["M4.5 12.5l5 5.5L19.5 6.5", true]],
  quiet: [["M12 3a9 9 0 1 0 .01 0zM12 5.2a6.8 6.8 0 1 1-.01 0z"], ["M12 7.5V12l3 2", true]],
};
const SVG = "http://www.w3.org/2000/svg";
const SAID = {hand: "hand up", stuck: "stuck", working: "working", reading: "reading", solved: "solved"};
const THEMES = ["system", "light", "dark"];
const at = id => document.getElementById(id);
let drawn = "", answered = 0, raised = null, due = 0;

function made(tag, about, ...parts) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(about || {})) {
    if (name === "class") node.className = value; else node.setAttribute(name, value);
  }
  node.append(...parts.filter(part => part !== "" && part !== null));
  return node;
}
function sign(kind) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sign"); svg.setAttribute("viewBox", "0 0 24 24"); svg.setAttribute("aria-hidden", "true");
  for (const [path, line] of SIGNS[kind]) {
    const part = document.createElementNS(SVG, "path");
    part.setAttribute("d", path); part.setAttribute("class", line ? "line" : "area"); part.setAttribute("fill-rule", "evenodd");
    svg.append(part);
  }
  return svg;
}
const kindOf = learner => learner.hand ? "hand" : learner.state;
const minutes = count => count < 1 ? "now" : count < 60 ? `${count} min` : `${Math.floor(count / 60)} h ${count % 60} min`;

function counts(found) {
  const kinds = [["hand", "hands"], ["stuck", "stuck"], ["working", "working"], ["reading", "reading"], ["solved", "solved"]];
  at("counts").replaceChildren(
    made("li", {class: "all"}, made("b", {}, String(found.learners)), " here"),
    ...kinds.map(([kind, name]) => made("li", {class: kind}, sign(kind),
      made("b", {}, String(found[name])), ` ${kind === "hand" ? (found[name] === 1 ? "hand" : "hands") : SAID[kind]}`)));
  document.title = `${found.hands ? `✋ ${found.hands} · ` : ""}Class board`;
}

function hands(found) {
  at("hands-head").textContent = found.length ? `Hands up: ${found.length}` : "No hand is up";
  at("hands").replaceChildren(...found.map(one => made("li", {},
    sign("hand"),
    made("div", {},
      made("p", {class: "who"}, made("b", {}, one.name), made("span", {}, one.lesson), made("span", {}, minutes(one.minutes))),
      made("p", {class: "says"}, one.says || "says nothing more")))));
  const names = new Set(found.map(one => one.name));
  if (raised !== null) {
    const news = found.filter(one => !raised.has(one.name)).map(one => `${one.name} raises a hand at ${one.lesson}`);
    if (news.length) at("news").textContent = `${news.join(". ")}.`;
  }
  raised = names;
}

function stops(found) {
  at("stops").hidden = !found.length;
  at("stops-list").replaceChildren(...found.map(one => made("li", {},
    made("b", {}, String(one.learners)), " at ", made("b", {}, one.lesson), ": ", one.requirement)));
}

function tile(learner) {
  const kind = kindOf(learner);
  const bar = learner.of ? made("span", {class: "bar", "aria-hidden": "true"},
    ...Array.from({length: learner.of}, (_, n) => made("i", {class: n < learner.met ? "met" : ""}))) : "";
  const also = kind === "hand" && learner.state !== "hand" ? `, ${SAID[learner.state]}` : "";
  const quiet = learner.quiet ? made("span", {class: "quiet"}, sign("quiet"), made("span", {class: "unseen"}, "no verdict for "), minutes(learner.quiet)) : "";
  const below = bar || quiet ? made("span", {class: "below"}, bar, quiet) : "";
  const rest = `: ${SAID[kind]}${also}${learner.of ? `, ${learner.met} of ${learner.of} met` : ""}`;
  return made("li", {class: `tile ${kind}`, title: `${learner.name}${rest}${learner.stop ? `; ${learner.stop}` : ""}`},
    sign(kind), made("span", {class: "name"}, learner.name), made("span", {class: "unseen"}, rest), below);
}

function lessons(found) {
  at("lessons").replaceChildren(...found.map(one => {
    const time = one.minutes === null ? "" : one.minutes < 1 ? "just begun" : `about ${minutes(one.minutes)}`;
    return made("section", {class: "lesson"},
      made("div", {class: "head"},
        made("h3", {}, made("b", {}, one.code || one.name), one.code ? made("span", {}, ` ${one.name}`) : ""),
        made("p", {}, `${one.learners.length} here`, time ? made("span", {class: "time"}, time) : "")),
      made("ul", {class: "tiles"}, ...one.learners.map(tile)));
  }));
  if (!found.length) at("lessons").append(made("p", {class: "none"}, "Nobody shares yet. A learner shares with ", made("code", {}, "%progress --share"), "."));
  at("clock").hidden = !found.some(one => one.learners.some(learner => learner.quiet));
  at("rows").replaceChildren(...found.flatMap(one => one.learners.map(learner => made("tr", {},
    made("td", {}, `${one.code} ${one.name}`.trim()), made("th", {scope: "row"}, learner.name),
    made("td", {}, SAID[learner.state] + (learner.hand ? ", hand up" : "")),
    made("td", {}, learner.of ? `${learner.met} of ${learner.of}` : ""), made("td", {}, String(learner.hints || "")),
    made("td", {}, String(learner.minutes)), made("td", {}, learner.stop || "")))));
}

function draw(text) {
  if (text === drawn) return;
  drawn = text;
  const found = JSON.parse(text);
  counts(found.counts); hands(found.hands); stops(found.stops); lessons(found.lessons);
  tell(found.told.join(" "));
  fit();
}

// On a projector everything is as large as fits on one screen, for those in the last row.
function fit() {
  const root = document.documentElement;
  root.style.fontSize = "";
  if (!root.classList.contains("projector")) return;
  let size = 34;
  do root.style.fontSize = `${size}px`; while (root.scrollHeight > innerHeight && --size >= 14);
}

function tell(words) {
  at("trouble").hidden = !words;
  if (at("trouble").textContent !== words) at("trouble").textContent = words;
}

async function look() {
  clearTimeout(due);
  try {
    const answer = await fetch("picture", {cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(10000)});
    // Not logged in any more, as after a restart. The Hub knows this browser, once it is up again.
    if (answer.status === 403 && (await fetch("../../hub/health", {cache: "no-store"})).ok) { location.reload(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    draw(await answer.text());
    answered = Date.now();
    at("when").textContent = `As of ${new Date().toLocaleTimeString()}; again every ${EVERY / 1000} seconds.`;
  } catch {
    drawn = "";
    const since = answered ? ` Shown is the class of ${new Date(answered).toLocaleTimeString()}.` : "";
    tell(`The board does not answer.${since} It is asked again every ${EVERY / 1000} seconds.`);
  }
  document.body.dataset.looked = String(Number(document.body.dataset.looked || 0) + 1);
  if (!document.hidden) due = setTimeout(look, EVERY);
}

function remembered(name, otherwise) {
  try { return localStorage.getItem(name) || otherwise; } catch { return otherwise; }
}
function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ }
}
function themed(name) {
  document.documentElement.dataset.theme = name;
  at("theme").textContent = `Theme: ${name}`;
  remember("board-theme", name);
}
function projected(on) {
  document.documentElement.classList.toggle("projector", on);
  at("projector").setAttribute("aria-pressed", String(on));
  remember("board-projector", on ? "on" : "off");
  fit();
}

at("clock").prepend(sign("quiet"));
at("theme").addEventListener("click", () => themed(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]));
at("projector").addEventListener("click", () => projected(!document.documentElement.classList.contains("projector")));
addEventListener("resize", fit);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
themed(THEMES.includes(remembered("board-theme", "")) ? remembered("board-theme", "") : "system");
projected(remembered("board-projector", "off") === "on");
look();
