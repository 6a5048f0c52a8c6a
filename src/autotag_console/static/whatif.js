// Says what other rules would change: of a sample while a slider moves, of the whole export once it rests.
const RESTS_MS = 300; // after the last move
const READING_MS = 1000; // until the export is asked for again while it is read
const FAULTY = "The rules have a fault: the numbers are those of the last text without one.";
const PROVIDER = "provider ";
const csrf = document.querySelector("meta[name=csrf]").content;
const element = (name) => document.getElementById(`whatif-${name}`);
const controls = [...document.querySelectorAll(".bar-control")];
const field = document.getElementById("text"); // of the editor
let text = ""; // of the rules, valid
let checked = null; // what the editor held when it was found valid: where it holds something else, a person types
let exactOf = null; // the text that the numbers shown are of, exactly
let wanted = []; // what to ask next; bars of one label are one question
let held = null; // bars that wait for a text without a fault
let busy = false;
let resting = 0;
let invalid = false;
let shownProviders = {}; // the bars of providers, by name
let shownBars = null; // until they are known, nobody moves a slider from a place where it does not stand

element("controls").hidden = false;
if (label()) showLabel(); // a suggestion was taken over; its first check asks what changes

document.addEventListener("rules:checked", ({ detail }) => {
  invalid = !detail.valid;
  if (invalid) {
    if (!busy) say(FAULTY);
    return;
  }
  text = checked = detail.text;
  const bars = held;
  held = null;
  if (bars) ask({ ...bars, exact: true });
  else if (text !== exactOf) ask({ exact: true });
});

for (const control of controls) listen(control, control.dataset.bar);

element("label").addEventListener("change", chosen);
element("label").addEventListener("input", async () => {
  const begin = element("label").value;
  const answer = await get(`/api/whatif/labels?begin=${encodeURIComponent(begin)}`);
  if (answer === null || element("label").value !== begin) return;
  const { names } = await answer.json();
  element("labels").replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
  if (names.includes(begin)) chosen();
});

for (const list of [element("effect"), element("pictures")]) {
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pictures], #next-pictures");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.href, true);
  });
}

function label() {
  return element("label").value.trim();
}

function chosen() {
  ask({ exact: true });
  showLabel();
}

function showLabel() {
  const name = label();
  for (const input of document.querySelectorAll('[data-bar="threshold"] input')) input.disabled = !(name && shownBars);
  document.querySelector("[data-of]").textContent = name;
  element("none").hidden = Boolean(name);
  drawHistogram(name);
}

// Draws the confidences of a label, as soon as the export is read.
async function drawHistogram(name) {
  const answer = name ? await get(`/rules/histogram?label=${encodeURIComponent(name)}`) : null;
  if (label() !== name) return;
  element("histogram").replaceChildren(...(answer ? parsed(await answer.text()).body.childNodes : []));
  drawLines();
  if (element("histogram").querySelector("[data-reading]")) setTimeout(() => label() === name && drawHistogram(name), READING_MS);
}

function listen(control, bar) {
  const [range, number] = control.querySelectorAll("input");
  range.addEventListener("input", () => {
    number.value = range.value;
    moved(bar, Number(range.value));
  });
  number.addEventListener("change", () => {
    if (!number.checkValidity()) return say(`${number.getAttribute("aria-label")}: ${number.validationMessage}`);
    if (number.value === "") return;
    range.value = number.value;
    moved(bar, Number(number.value));
  });
}

function moved(bar, value) {
  const question = { bars: { [bar]: value }, name: label() };
  drawLines();
  ask({ ...question, exact: false });
  clearTimeout(resting);
  resting = setTimeout(() => ask({ ...question, exact: true }), RESTS_MS);
}

function drawLines() {
  const place = (bar) => {
    const [range, number] = document.querySelectorAll(`[data-bar="${bar}"] input`);
    return number.value === "" ? -9 : 1000 * Number(range.value); // no bar, no line
  };
  for (const [kind, bar] of [["present", "threshold"], ["proposed", "review"]]) {
    for (const line of element("histogram").querySelectorAll(`line.${kind}`)) {
      for (const end of ["x1", "x2"]) line.setAttribute(end, place(bar));
    }
  }
}

function ask({ exact, bars = {}, name = label() }) {
  // what a slider asked before is part of the text only once its answer is there
  const last = wanted.at(-1);
  if (last?.name === name) bars = { ...wanted.pop().bars, ...bars };
  wanted.push({ exact, bars, name });
  if (!busy) answerAll();
}

async function answerAll() {
  busy = true;
  try {
    while (wanted.length) await answerOne(wanted.shift());
  } finally {
    busy = false;
  }
}

// Returns bars as they are asked for: those of providers, "provider NAME", in an object of their own.
function asked(bars) {
  const found = {};
  for (const [bar, value] of Object.entries(bars)) {
    if (bar.startsWith(PROVIDER)) found.providers = { ...found.providers, [bar.slice(PROVIDER.length)]: value };
    else found[bar] = value;
  }
  return found;
}

async function answerOne({ exact, bars, name }) {
  const began = performance.now();
  const sent = text;
  const body = JSON.stringify({ text, exact, label: name, ...asked(bars) });
  const answer = await get("/api/whatif", { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRF": csrf } });
  if (answer === null) {
    if (exact && shownBars && !wanted.length) setBars(shownBars, shownProviders); // what was refused is not where the sliders stand
    return;
  }
  const found = await answer.json();
  if (found.reading) {
    say("The export is being read. That takes a moment, and only once …");
    setTimeout(() => wanted.length || ask({ exact, bars, name }), READING_MS);
    return;
  }
  if (sent !== text || field.value !== checked) {
    // a person typed meanwhile: the answer is of an older text, which must not replace theirs
    if (Object.keys(bars).length) held = { bars: { ...(held?.name === name && held.bars), ...bars }, name };
    if (invalid) say(FAULTY);
    else if (held && field.value === checked) {
      ask({ ...held, exact: true });
      held = null;
    }
    return;
  }
  say(found.overruled);
  element("effect").replaceChildren(...parsed(found.effect).body.childNodes);
  element("effect").dataset.exact = found.exact ? "1" : "0";
  element("effect").dataset.milliseconds = Math.round(performance.now() - began);
  const changed = found.text !== text;
  text = found.text;
  if (!wanted.length && name === label()) setBars(found.bars, found.providers);
  if (!found.exact) {
    // the next question starts from the text as it is now; the editor gets it once the slider rests
    return;
  }
  if (changed || Object.keys(bars).length) {
    document.dispatchEvent(new CustomEvent("rules:set", { detail: { text } }));
    text = checked = field.value;
  }
  exactOf = text;
  const first = element("effect").querySelector("a[data-first]");
  if (first && !wanted.length) await show(first.href, false);
  else if (!first) element("pictures").replaceChildren();
}

function setBars(bars, providers) {
  shownBars = bars;
  setProviders(providers);
  for (const control of controls) {
    const bar = control.dataset.bar;
    const value = bars[bar];
    const [range, number] = control.querySelectorAll("input");
    range.disabled = number.disabled = bar === "threshold" && !label();
    if (document.activeElement !== number) number.value = value ?? "";
    range.value = value ?? 0;
    range.setAttribute("aria-valuetext", value === null ? (bar === "review" ? "nobody is asked" : "no label is chosen") : String(value));
  }
  drawLines();
}

// Shows a slider for each provider; those that stand there stay, as one of them may be held.
function setProviders(bars) {
  shownProviders = bars;
  const place = element("providers");
  const names = Object.keys(bars);
  if (names.join() !== [...place.children].map((control) => control.dataset.provider).join()) {
    place.replaceChildren(...names.map(providerControl));
  }
  for (const control of place.children) {
    const [range, number] = control.querySelectorAll("input");
    const value = bars[control.dataset.provider];
    if (document.activeElement !== number) number.value = value;
    range.value = value;
    range.setAttribute("aria-valuetext", String(value));
  }
}

function providerControl(name) {
  const control = element("provider").content.firstElementChild.cloneNode(true);
  const [range, number] = control.querySelectorAll("input");
  control.dataset.provider = name;
  control.querySelector("bdi").textContent = name;
  range.id = `range-provider-${name}`;
  control.querySelector("label").htmlFor = range.id;
  number.setAttribute("aria-label", `Threshold of the provider ${name}, as a number`);
  listen(control, PROVIDER + name);
  return control;
}

async function show(address, moves) {
  const answer = await get(address);
  if (answer === null) return;
  const page = parsed(await answer.text()).getElementById("pictures");
  if (!page) return;
  const heading = document.createElement("h3");
  heading.tabIndex = -1;
  heading.replaceChildren(...page.querySelector("h1").childNodes);
  page.querySelector("h1").replaceWith(heading);
  page.removeAttribute("id");
  element("pictures").replaceChildren(page);
  if (moves) heading.focus();
}

function parsed(page) {
  return new DOMParser().parseFromString(page, "text/html");
}

// Returns the answer, or null after it has said what is wrong.
async function get(address, options) {
  try {
    const answer = await fetch(address, options);
    if (answer.ok) return answer;
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    const sentence = isJson
      ? (await answer.json()).error?.message
      : parsed(await answer.text()).querySelector("[role=alert]")?.textContent;
    say(sentence ?? `The console answered ${answer.status}.`);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) throw error;
    say("The console does not answer.");
  }
  return null;
}

function say(sentence) {
  element("said").textContent = sentence;
}
