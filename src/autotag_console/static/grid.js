// The grid of one tag: arrows move, X selects, one key answers the selection.
import { help, onKeys } from "./keys.js";
import "./pictures.js";
import { Sender } from "./sending.js";
import { sendingView } from "./sending_view.js";

const DONE = { accept: "accepted", reject: "rejected" };
const byId = (id) => document.getElementById(id);
const grid = byId("grid");
const boxOf = (cell) => cell.querySelector("input[type=checkbox]");
const all = () => [...grid.querySelectorAll(".cell")];
const open = () => all().filter((cell) => !cell.hidden);
const chosen = () => open().filter((cell) => boxOf(cell).checked);
const sender = new Sender(byId("sending").dataset.key, () => changed());
const showSending = sendingView(sender);
let anchor = null; // where a range begins

function changed() {
  showSending();
  const refused = new Map(sender.held.refused().map((item) => [`${item.asset} ${item.tag}`, item.why]));
  for (const cell of all()) {
    const { asset, question: tag } = cell.dataset;
    cell.hidden = sender.held.stands({ asset, tag });
    const why = refused.get(`${asset} ${tag}`);
    if (why === undefined) continue;
    delete cell.dataset.verdict;
    cell.querySelector("[data-why]").textContent = why;
    cell.querySelector("[data-why]").hidden = false;
  }
}

function count() {
  const n = chosen().length;
  byId("chosen").dataset.chosen = n;
  byId("chosen").textContent = n ? `${n} selected` : "";
}

const say = (text) => (byId("said").textContent = text);

// Answer the selection, or the picture that has the focus; ask back where it is many.
function answer(verdict) {
  const focused = document.activeElement.closest(".cell");
  const cells = chosen().length ? chosen() : focused ? [focused] : [];
  if (!cells.length) return say("Select pictures first: X does.");
  if (cells.length <= Number(grid.dataset.unasked)) return give(cells, verdict);
  byId("confirm-text").textContent = `${verdict === "accept" ? "Accept" : "Reject"} ${cells.length} pictures?`;
  const dialog = byId("confirm");
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue && give(cells, verdict), { once: true });
  dialog.showModal();
}

function give(cells, verdict) {
  const here = open();
  const last = here.indexOf(cells.at(-1));
  const next = here.slice(last + 1).find((cell) => !cells.includes(cell)) ?? here.findLast((cell) => !cells.includes(cell));
  for (const cell of cells) {
    boxOf(cell).checked = false;
    cell.dataset.verdict = verdict;
  }
  sender.give(cells.map(({ dataset }) => ({
    asset: dataset.asset, tag: dataset.question, version: Number(dataset.version), verdict, name: dataset.name,
  })));
  count();
  say(`${cells.length} ${DONE[verdict]}, Z takes it back.`);
  focusOn(next);
}

function takeBack() {
  const items = sender.takeBack();
  say(items.length ? `Taken back: ${items.length}.` : "There is no answer to take back.");
  const back = open().filter(({ dataset }) => items.some((item) => item.asset === dataset.asset));
  for (const cell of back) delete cell.dataset.verdict;
  focusOn(back[0]);
}

function focusOn(cell) {
  if (cell) boxOf(cell).focus();
  else byId("accept").focus();
}

function move(event, step) {
  const cells = open();
  const from = cells.indexOf(document.activeElement.closest(".cell"));
  const to = from < 0 ? 0 : from + step(cells);
  if (!cells[to]) return;
  if (event.shiftKey && from >= 0) selectRange(cells, from, to);
  else anchor = null;
  focusOn(cells[to]);
}

function selectRange(cells, from, to) {
  anchor ??= cells[from];
  const start = Math.max(0, cells.indexOf(anchor));
  for (const n of [from, to]) boxOf(cells[n]).checked = false; // a range that shrinks lets go of its end
  for (let n = Math.min(start, to); n <= Math.max(start, to); n += 1) boxOf(cells[n]).checked = true;
  count();
}

function columns(cells) {
  const top = cells[0].offsetTop;
  const next = cells.findIndex((cell) => cell.offsetTop !== top);
  return next < 0 ? cells.length : next;
}

function toggle() {
  const cell = document.activeElement.closest(".cell");
  if (!cell) return;
  boxOf(cell).checked = !boxOf(cell).checked;
  count();
}

if (grid) {
  for (const id of ["tools", "with-script"]) byId(id).hidden = false;
  byId("undo").addEventListener("click", takeBack);
  grid.addEventListener("change", count);
  grid.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(event.submitter?.value ?? "accept");
  });
  byId("select").addEventListener("submit", (event) => {
    event.preventDefault();
    const from = Number(byId("from").value);
    for (const cell of open()) boxOf(cell).checked = Number(cell.dataset.confidence) >= from;
    count();
    say(`${chosen().length} selected.`);
  });
  onKeys({
    x: toggle, a: () => answer("accept"), r: () => answer("reject"), z: takeBack, "?": help(),
    ArrowRight: (event) => move(event, () => 1), ArrowLeft: (event) => move(event, () => -1),
    ArrowDown: (event) => move(event, columns), ArrowUp: (event) => move(event, (cells) => -columns(cells)),
  });
  sender.start();
  count();
}
