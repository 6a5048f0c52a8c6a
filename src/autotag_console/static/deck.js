// The deck: one picture and one question at a time. A key never waits for the network.
import { Pictures } from "./deck_pictures.js";
import { help, onKeys } from "./keys.js";
import { QuestionQueue } from "./question_queue.js";
import { messageOf, Sender } from "./sending.js";
import { sendingView } from "./sending_view.js";
import { loadTags } from "./tag_list.js";

const MORE_AT = 8; // questions left when the next ones are asked for
const RETRY_MS = 5000;
const SAID = { accept: "Accepted", reject: "Rejected" };
const NEXT_CHOICE = { "": "accept", accept: "reject", reject: "" };

const byId = (id) => document.getElementById(id);
const deck = byId("deck");
const { tag, folder, order } = deck.dataset;
const first = JSON.parse(byId("first").textContent);
const sender = new Sender(byId("sending").dataset.key, () => showSending());
const showSending = sendingView(sender);
const queue = new QuestionQueue((asset, name) => sender.held.stands({ asset, tag: name }));
const chosen = new Map(); // another question about the picture -> verdict
const pictures = new Pictures(byId("frame"));
let [cursor, loading, answered, shown] = [first.cursor, false, 0, null];

function answer(verdict) {
  const entry = queue.current();
  if (!entry) return;
  give(verdict ? [[entry, verdict], ...chosen] : [...chosen]);
}

function give(verdicts) {
  if (!verdicts.length) return say("Choose what to answer first: the keys 1 to 9 do.");
  sender.give(verdicts.map(([{ asset, question }, verdict]) => ({
    asset: asset.asset, tag: question.tag, version: asset.version, verdict, name: `${question.name} on ${asset.name}`,
  })));
  answered += verdicts.length;
  chosen.clear();
  show(`${verdicts.map(([{ question }, verdict]) => `${SAID[verdict]} ${question.name}`).join(", ")}, Z takes it back.`);
}

function sendChosen() {
  const entry = queue.current();
  if (!entry || !chosen.size) return answer("");
  if (!queue.byTag) queue.skip([entry, ...queue.others(entry).filter((each) => !chosen.has(each))]);
  give([...chosen]);
}

function skip() {
  const entry = queue.current();
  if (!entry) return;
  queue.skip([entry]);
  if (chosen.size) give([...chosen]);
  else show(`Skipped ${entry.question.name}.`);
}

function takeBack() {
  const items = sender.takeBack();
  if (!items.length) return say("There is no answer to take back.");
  answered = Math.max(0, answered - items.length);
  queue.back(items);
  show(`Taken back: ${items.map((item) => item.name).join(", ")}.`);
}

function choose(n) {
  const entry = queue.current();
  const other = entry && queue.others(entry)[n];
  if (!other) return;
  const verdict = NEXT_CHOICE[chosen.get(other) ?? ""];
  if (verdict) chosen.set(other, verdict);
  else chosen.delete(other);
  showOthers(entry);
  say(verdict ? `${other.question.name} will be ${SAID[verdict].toLowerCase()}.` : `${other.question.name} stays open.`);
}

function switchOrder() {
  queue.reorder(!queue.byTag);
  show(queue.byTag ? "In order of tags." : "In order of pictures.");
}

function toGrid() {
  const query = new URLSearchParams({ tag: queue.current()?.question.tag ?? tag, folder });
  location.assign(`/review/grid?${query}`);
}

function enlarge(large = !deck.hasAttribute("data-large")) {
  deck.toggleAttribute("data-large", large);
  byId("large").setAttribute("aria-pressed", large);
  if (shown) pictures.show(shown.asset, large);
}

const say = (text) => (byId("said").textContent = text);

function show(said = "") {
  const entry = queue.current();
  if (entry !== shown) chosen.clear();
  const ahead = queue.ahead();
  if (ahead.length < MORE_AT) more();
  deck.dataset.state = entry ? "asking" : cursor === null ? "done" : "loading";
  byId("question").hidden = !entry;
  byId("picture").hidden = !entry;
  byId("nothing").hidden = !!entry || cursor !== null;
  byId("skipped").textContent = queue.skipped.size ? `${queue.skipped.size} skipped.` : "";
  if (!entry) return showEnd(said);
  const { asset, question } = entry;
  const changed = shown?.asset !== asset;
  shown = entry;
  Object.assign(byId("question").dataset, { question: question.tag, asset: asset.asset });
  const texts = {
    "tag-name": question.name, numbers: question.numbers, reason: question.reason, labels: question.labels,
    place: question.place, tags: asset.tags.join(", ") || "none", name: asset.name,
    "order-name": queue.byTag ? "By tag" : "By picture",
  };
  for (const [id, text] of Object.entries(texts)) byId(id).textContent = text;
  byId("asset-page").href = asset.page;
  byId("mark").hidden = !question.mark;
  byId("mark").textContent = question.mark;
  showCount(ahead.length);
  showBar(question);
  showOthers(entry);
  if (changed) pictures.show(asset, deck.hasAttribute("data-large"));
  const atRandom = question.mark ? ` ${question.mark}.` : "";
  say(`${said} ${said ? "Next: " : ""}${question.name}?${atRandom}`.trim());
  pictures.fetchAhead(ahead.map((each) => each.asset));
}

function showCount(left) {
  const n = answered + queue.skipped.size + 1;
  byId("count").textContent = `${n} of ${Math.max(Number(deck.dataset.total), n + left - 1)}`;
}

function showEnd(said) {
  shown = null;
  say(`${said} ${cursor === null ? "Nothing else is waiting." : ""}`.trim());
  if (deck.contains(document.activeElement) || document.activeElement === document.body) byId("nothing").focus();
}

function showBar({ confidence, threshold, review, bar: words }) {
  const bar = byId("bar");
  bar.setAttribute("aria-label", words);
  const place = (name, from, to) => {
    bar.querySelector(`.${name}`).setAttribute("x", 1000 * from);
    bar.querySelector(`.${name}`).setAttribute("width", Math.max(0, 1000 * (to - from)));
  };
  place("band", review ?? 0, review === null ? 0 : (threshold ?? 1));
  place("confidence", 0, confidence ?? 0);
  place("threshold", (threshold ?? 0) - 0.004, threshold === null ? 0 : threshold + 0.004);
}

function showOthers(entry) {
  const others = queue.others(entry).slice(0, 9);
  byId("others").hidden = !others.length;
  const buttons = byId("others-list");
  while (buttons.children.length > others.length) buttons.lastElementChild.remove();
  while (buttons.children.length < others.length) buttons.append(byId("other").content.cloneNode(true));
  for (const [n, other] of others.entries()) {
    const button = buttons.children[n].querySelector("button");
    const verdict = chosen.get(other) ?? "";
    Object.assign(button.dataset, { other: other.question.tag, verdict, n });
    button.querySelector("[data-key]").textContent = n + 1;
    button.querySelector("[data-name]").textContent = other.question.name;
    button.querySelector("[data-choice]").textContent = verdict || "open";
  }
}

async function more() {
  if (loading || cursor === null) return;
  loading = true;
  try {
    const response = await fetch(`/api/review?${new URLSearchParams({ tag, folder, order, cursor })}`);
    if (!response.ok) throw new TypeError(await messageOf(response));
    const page = await response.json();
    queue.add(page.assets);
    cursor = page.cursor;
    byId("loading").textContent = "";
    byId("looking")?.remove();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    byId("loading").textContent = `More questions could not be loaded (${error.message}); trying again soon.`;
    setTimeout(more, RETRY_MS);
    return;
  } finally {
    loading = false;
  }
  if (!shown) show();
  else if (queue.ahead().length < MORE_AT) more();
}

const clicks = {
  accept: () => answer("accept"), reject: () => answer("reject"), skip, undo: takeBack, large: () => enlarge(),
  grid: toGrid, order: switchOrder, "send-chosen": sendChosen,
};
for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", action);
byId("frame").addEventListener("click", () => enlarge()); // the large picture covers the buttons
byId("others-list").addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) choose(Number(button.dataset.n));
});
const digits = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [n + 1, () => choose(n)]));
onKeys({
  ...digits, a: clicks.accept, r: clicks.reject, s: skip, z: takeBack, g: toGrid, p: switchOrder, Enter: sendChosen,
  " ": clicks.large, Escape: () => enlarge(false), "?": help(),
});
queue.add(first.assets);
sender.start();
show();
loadTags(byId("tag-list"), { tag, folder }).then((total) => {
  if (total === null) return;
  deck.dataset.total = total;
  if (shown) showCount(queue.ahead().length);
});
