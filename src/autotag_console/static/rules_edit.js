// The rules as text: numbers its lines, checks it on the server after each pause, marks the lines that have faults, and
// goes to them. Others hear "rules:checked" {text, valid}, and put a text in with "rules:set" {text}.
import { completes } from "./rules_completion.js";

const PAUSE_MS = 300;
const field = document.getElementById("text");
const gutter = document.getElementById("gutter");
const place = document.getElementById("faults");
const said = document.getElementById("said");
const csrf = document.querySelector('meta[name="csrf"]').content;
let faults = [];
let timer;
const begun = field.value;
let asked = 0;
let sending = false;

/** Posts JSON to the console; the answer of a refused request is an error with its sentence. */
async function post(path, body) {
  const headers = { "content-type": "application/json", "x-csrf": csrf };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.ok) return answer;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  throw new TypeError(page.querySelector('[role="alert"]')?.textContent ?? `status ${answer.status}`);
}

async function check() {
  const number = (asked += 1);
  const text = field.value;
  try {
    const answer = await post("/rules/check", { text });
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number !== asked || text !== field.value) return; // a later text is checked
    place.replaceChildren(...part.body.childNodes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (number !== asked) return;
    const sentence = document.createElement("p");
    sentence.className = "bad";
    sentence.textContent = `Not checked: ${error.message}`;
    place.replaceChildren(sentence);
    return;
  }
  tell(text);
}

/** Takes over the faults that the server wrote: marks their lines, and makes their places buttons. */
function tell(text) {
  faults = [...place.querySelectorAll(".fault")].map((item) => ({
    item,
    line: Number(item.dataset.line),
    offset: offsetOf(Number(item.dataset.line), Number(item.dataset.column)),
    sentence: item.querySelector(".sentence").textContent,
  }));
  for (const fault of faults) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = fault.item.querySelector(".place").textContent;
    button.addEventListener("click", () => goTo(fault));
    fault.item.querySelector(".place").replaceWith(button);
  }
  drawNumbers();
  const valid = document.getElementById("verdict").dataset.valid === "true";
  document.dispatchEvent(new CustomEvent("rules:checked", { detail: { text, valid } }));
}

/** Returns the offset of a line and a column, which count from 1 and count characters, not UTF-16 units. */
function offsetOf(line, column) {
  const lines = field.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
}

function drawNumbers() {
  const severities = new Map();
  for (const { item, line } of faults) if (severities.get(line) !== "error") severities.set(line, item.dataset.severity);
  const count = field.value.split("\n").length;
  const parts = [];
  let plain = "";
  for (let line = 1; line <= count; line += 1) {
    const severity = severities.get(line);
    if (severity === undefined) {
      plain += `${line}\n`;
      continue;
    }
    const mark = document.createElement("mark");
    mark.className = severity;
    mark.dataset.line = line;
    mark.textContent = `${severity === "error" ? "✗" : "!"} ${line}`;
    parts.push(plain, mark);
    plain = "\n";
  }
  gutter.replaceChildren(...parts, plain);
  gutter.scrollTop = field.scrollTop;
}

function goTo(fault) {
  field.focus();
  field.setSelectionRange(fault.offset, fault.offset);
  const height = parseFloat(getComputedStyle(field).lineHeight);
  const top = (fault.line - 1) * height;
  if (top < field.scrollTop || top + 2 * height > field.scrollTop + field.clientHeight) {
    field.scrollTop = Math.max(0, top - field.clientHeight / 2);
  }
  for (const { item } of faults) item.removeAttribute("aria-current");
  fault.item.setAttribute("aria-current", "true");
  said.textContent = `Line ${fault.line}: ${fault.sentence}`;
}

function goOn(back) {
  if (faults.length === 0) {
    said.textContent = "No faults.";
    return;
  }
  const here = field.selectionStart;
  const ordered = back ? [...faults].reverse() : faults;
  goTo(ordered.find(({ offset }) => (back ? offset < here : offset > here)) ?? ordered[0]);
}

/** Replaces what differs, so that the caret stays where it is in the rest. */
function put(text) {
  const old = field.value;
  if (text === old) return;
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old[start] === text[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  field.setRangeText(text.slice(start, text.length - end), start, old.length - end, "preserve");
  changed();
}

function changed() {
  drawNumbers();
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE_MS);
}

field.addEventListener("input", changed);
field.addEventListener("scroll", () => (gutter.scrollTop = field.scrollTop));
document.addEventListener("keydown", (event) => {
  if (event.key !== "F8" || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  goOn(event.shiftKey);
});
document.addEventListener("rules:set", (event) => put(event.detail.text));
field.form.addEventListener("submit", () => (sending = true));
addEventListener("beforeunload", (event) => {
  if (!sending && field.value !== begun) event.preventDefault(); // the browser asks whether to leave the text
});
completes(field, document.getElementById("options"), said, post);
drawNumbers();
check();
