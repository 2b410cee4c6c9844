// Light, dark or as the system has it, and a search that needs no server. Pages work without both.
"use strict";

const THEMES = ["auto", "light", "dark"];
const SCHEMES = {auto: "", light: "light", dark: "dark"};
const MOST = 12; // pages shown
const AROUND = 70; // characters before and after what was found

function storedTheme() {
  try {
    const stored = localStorage.getItem("loopcheck-theme");
    return THEMES.includes(stored) ? stored : "auto";
  } catch { return "auto"; } // storage is turned off
}

function applyTheme(theme) {
  document.documentElement.style.colorScheme = SCHEMES[theme];
  const button = document.getElementById("theme");
  if (button) button.textContent = `Theme: ${theme}`;
}

applyTheme(storedTheme()); // before the page is drawn

function wordsOf(text) {
  return text.toLowerCase().match(/[a-z0-9_]+/g) || [];
}

let entries = null; // the index, with the words of each section

function load(index) {
  const sections = new Map(); // in how many sections a word is
  entries = index.map(([page, anchor, title, heading, text, weight]) => {
    const entry = {page, anchor, title, heading, text, weight, flat: wordsOf(`${heading} ${text}`)};
    entry.words = new Set(entry.flat);
    entry.head = new Set(wordsOf(`${title} ${heading}`));
    entry.flat = ` ${entry.flat.join(" ")} `;
    for (const word of new Set([...entry.words, ...entry.head]))
      sections.set(word, (sections.get(word) || 0) + 1);
    return entry;
  });
  entries.worth = word => Math.log(1 + entries.length / (sections.get(word) || entries.length));
  entries.known = [...sections.keys()];
}

// How many words of the query stand side by side in an entry: MOST_RUN tell an error from others.
const MOST_RUN = 5;
function longestRun(words, entry) {
  let best = 1;
  for (let from = 0; from + best < words.length && best < MOST_RUN; from += 1)
    while (from + best < words.length && best < MOST_RUN
        && entry.flat.includes(` ${words.slice(from, from + best + 1).join(" ")} `)) best += 1;
  return best;
}

// Rare words count more than frequent ones: the part of an error that differs from run to run is
// in no section, and the words that name it are in few.
function search(query) {
  const asked = [...new Set(wordsOf(query))];
  if (!entries || !asked.length) return [];
  const last = asked.at(-1);
  const begun = entries.known.includes(last) ? [last] : entries.known.filter(w => w.startsWith(last));
  const inOrder = wordsOf(query);
  const phrase = ` ${inOrder.join(" ")} `;
  const best = new Map();
  for (const entry of entries) {
    let score = 0, matched = 0;
    for (const word of asked) {
      const forms = word === last ? begun : [word];
      const form = forms.find(one => entry.head.has(one)) || forms.find(one => entry.words.has(one));
      if (!form) continue;
      matched += 1;
      score += entries.worth(form) * (entry.head.has(form) ? 2 : 1);
    }
    if (!matched) continue;
    const at = asked.length > 1 ? entry.flat.indexOf(phrase) : -1;
    if (at >= 0) score *= 3 + 10 / (10 + at); // of two pages with the phrase, that which begins so
    score *= longestRun(inOrder, entry) * entry.weight * (matched / asked.length);
    if (score > (best.get(entry.page)?.score || 0)) best.set(entry.page, {...entry, score});
  }
  return [...best.values()].sort((a, b) => b.score - a.score).slice(0, MOST);
}

window.loopcheckSearch = search;

function snippet(text, query) {
  const span = document.createElement("span");
  const lower = text.toLowerCase();
  const asked = wordsOf(query).sort((a, b) => b.length - a.length);
  const whole = lower.indexOf(query.trim().toLowerCase());
  const word = whole >= 0 ? query.trim() : asked.find(one => lower.includes(one));
  const at = word ? lower.indexOf(word.toLowerCase()) : -1;
  if (at < 0) {
    span.textContent = text.slice(0, 2 * AROUND);
    return span;
  }
  const marked = document.createElement("mark");
  marked.textContent = text.slice(at, at + word.length);
  span.append(at > AROUND ? "…" : "", text.slice(Math.max(0, at - AROUND), at), marked,
    text.slice(at + word.length, at + word.length + AROUND), "…");
  return span;
}

function show(found, query, results) {
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.textContent = found.length ? `${found.length} pages` : "Nothing found.";
  const list = document.createElement("ol");
  for (const one of found) {
    const link = document.createElement("a");
    link.href = one.anchor ? `${one.page}#${one.anchor}` : one.page;
    const title = document.createElement("strong");
    title.textContent = one.heading && one.heading !== one.title ? `${one.title}: ${one.heading}` : one.title;
    link.append(title, snippet(one.text, query));
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  results.replaceChildren(status, list);
  results.hidden = !query.trim();
}

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  const box = document.querySelector("[role=search]");
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  button.hidden = box.hidden = false;
  applyTheme(storedTheme());
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(storedTheme()) + 1) % THEMES.length];
    try { localStorage.setItem("loopcheck-theme", next); } catch { /* kept for this page only */ }
    applyTheme(next);
  });

  let loading = null;
  const ready = () => loading ||= new Promise(done => {
    const script = document.createElement("script"); // a file of data: `fetch` reads none from a disk
    script.src = "search_index.js";
    script.onload = () => { load(window.searchIndex); done(); };
    document.head.append(script);
  });
  const update = async () => { await ready(); show(search(query.value), query.value, results); };
  query.addEventListener("focus", ready);
  query.addEventListener("input", update);

  const close = () => { results.hidden = true; };
  const links = () => [...results.querySelectorAll("a")];
  box.addEventListener("keydown", event => {
    const all = results.hidden ? [] : links();
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape") { close(); query.focus(); }
    else if (event.key === "ArrowDown" && all.length) all[Math.min(at + 1, all.length - 1)].focus();
    else if (event.key === "ArrowUp" && at >= 0) (at ? all[at - 1] : query).focus();
    else if (event.key === "Enter" && event.target === query && all.length) location.href = all[0].href;
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", event => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
    }
  });
  document.addEventListener("click", event => { if (!box.contains(event.target)) close(); });
});
