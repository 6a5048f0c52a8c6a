// The answers a reviewer gave: held for a moment, sent in batches, kept until the service has answered. Pure: the
// caller passes the time and fresh ids, and carries out what the methods return.
//
// An item's state: "kept" (restored after a crash, waits for a word of the reviewer), "held", "sending", "sent" (the
// service has queued it), "done", "refused". `back` says that the reviewer took the answer back.

export const HOLD_MS = 4000; // in which taking back means that an answer was never sent
export const MOST_HELD = 50; // answers that are held at once; then they are sent without waiting
export const BATCH = 100; // decisions in a request at most, a limit of the ops function
export const HISTORY = 200; // answers that can be taken back

const STATES = ["kept", "held", "sending", "sent", "done", "refused"];
const UNSENT = new Set(["kept", "held", "sending"]);
const sameQuestion = (a, b) => a.asset === b.asset && a.tag === b.tag;

export class HeldAnswers {
  items = []; // in the order in which they were given

  // Hold answers given at once; each is {id, asset, tag, verdict, version, name}. They are taken back together.
  give(answers, now) {
    const group = answers[0].id;
    for (const answer of answers) this.#hold({ ...answer, group }, now);
  }

  // Take back the last answers that were given together; return them, [] if there are none. `newId` makes ids.
  takeBack(now, newId) {
    const last = this.items.findLast((item) => this.#canGoBack(item));
    if (!last) return [];
    const group = this.items.filter((item) => item.group === last.group && this.#canGoBack(item));
    for (const item of group) this.#takeBackOne(item, now, newId);
    return group;
  }

  // Return the decisions to send now, [] if none is due; they count as sending until `settle` or `lose`.
  take(now, all = false) {
    if (!all && this.items.some((item) => item.state === "sending")) return [];
    const full = this.items.filter((item) => item.state === "held").length >= MOST_HELD;
    const isDue = (item) => all || full || now >= item.due;
    const batch = this.items.filter((item, n) => item.state === "held" && isDue(item) && !this.#waits(item, n));
    for (const item of batch.slice(0, BATCH)) [item.state, item.tries] = ["sending", item.tries + 1];
    return batch.slice(0, BATCH).map(decision);
  }

  // Return the milliseconds until answers are due, null if nothing waits for its time.
  wait(now) {
    const held = this.items.filter((item, n) => item.state === "held" && !this.#waits(item, n));
    if (!held.length || this.items.some((item) => item.state === "sending")) return null;
    return held.length >= MOST_HELD ? 0 : Math.max(0, Math.min(...held.map((item) => item.due)) - now);
  }

  // Note the service's report about the decisions with `ids`: {queued, done, refused}, each entry with its id.
  settle(ids, report, now, newId) {
    const known = { sent: byId(report.queued), done: byId(report.done), refused: byId(report.refused) };
    for (const item of this.#of(ids)) {
      const state = Object.keys(known).find((name) => known[name].has(item.id));
      const entry = known[state]?.get(item.id);
      item.state = state ?? "held"; // what the report leaves out is sent again
      if (state === "sent") item.audit = entry.audit_id ?? "";
      if (state === "refused") this.#refuse(item, entry.why, now, newId);
      else if (item.back && state) this.#undo(item, now, newId);
    }
  }

  // Hold the decisions with `ids` again: it is not known whether they arrived. Sending them again does no harm.
  lose(ids) {
    for (const item of this.#of(ids)) [item.state, item.due] = ["held", 0];
  }

  // Mark the decisions with `ids` as refused, when the service could not read them.
  refuse(ids, why, now, newId) {
    for (const item of this.#of(ids)) {
      item.state = "refused";
      this.#refuse(item, why, now, newId);
    }
  }

  // Return the last decisions that the service has queued, to ask what became of them.
  toCheck() {
    const sent = this.items.filter((item) => item.state === "sent" && !item.back);
    return sent.slice(-BATCH).map((item) => ({ ...decision(item), audit_id: item.audit }));
  }

  // Note what became of queued decisions: {done, under_way, refused}, each entry with its id.
  progress(report, now, newId) {
    const [done, refused] = [byId(report.done), byId(report.refused)];
    for (const item of this.items.filter((each) => each.state === "sent" && !each.back)) {
      if (done.has(item.id)) item.state = "done";
      if (!refused.has(item.id)) continue;
      item.state = "refused";
      this.#refuse(item, refused.get(item.id).why, now, newId);
    }
  }

  unsent = () => this.items.filter((item) => UNSENT.has(item.state)).length;
  kept = () => this.items.filter((item) => item.state === "kept").length;
  refused = () => this.items.filter((item) => item.state === "refused");

  // Return whether an answer about a question stands, so that it is not asked again.
  stands(question) {
    const counts = (item) => isAnswer(item) && !item.back && item.state !== "refused";
    return this.items.some((item) => counts(item) && sameQuestion(item, question));
  }

  // Send a refused answer again, under another id since it is another decision; or forget it.
  again(id, now, newId) {
    const item = this.items.find((each) => each.id === id && each.state === "refused");
    if (item) Object.assign(item, { id: newId(), state: "held", due: now, why: "", tries: 0, audit: "" });
  }

  forget(id) {
    this.items = this.items.filter((item) => item.id !== id || item.state !== "refused");
  }

  // Send the answers that were restored, or forget them.
  resume(now) {
    for (const item of this.items.filter((each) => each.state === "kept")) [item.state, item.due] = ["held", now];
  }

  discard() {
    this.items = this.items.filter((item) => item.state !== "kept");
  }

  save = () => JSON.stringify(this.items);

  // Return what was saved. Answers that never left are kept; what was on its way is sent again, as what is taken back.
  static restore(text) {
    const held = new HeldAnswers();
    for (const item of readItems(text)) {
      if (item.state === "held" && item.tries === 0 && isAnswer(item)) item.state = "kept";
      if (item.state === "sending") [item.state, item.due] = ["held", 0];
      held.items.push(item);
    }
    return held;
  }

  #hold(item, now, due = now + HOLD_MS) {
    const fresh = { state: "held", due, tries: 0, audit: "", why: "", back: false };
    this.items.push({ of: "", unsure: false, ...item, ...fresh });
    const settled = this.items.filter((each) => each.state === "sent" || each.state === "done");
    const old = new Set(settled.slice(0, Math.max(0, settled.length - HISTORY)));
    if (old.size) this.items = this.items.filter((each) => !old.has(each));
  }

  // An answer that was done before it arrived is another person's, unless it may have been sent twice.
  #canGoBack(item) {
    const isOwn = item.state !== "done" || !!item.audit || item.tries > 1;
    return isAnswer(item) && !item.back && item.state !== "refused" && isOwn;
  }

  #takeBackOne(item, now, newId) {
    if (item.state === "kept" || (item.state === "held" && item.tries === 0)) {
      this.items = this.items.filter((each) => each !== item);
      return;
    }
    item.back = true; // one that may have arrived is taken back when the service's answer is there
    if (item.state === "sent" || item.state === "done") this.#undo(item, now, newId);
  }

  #undo(item, now, newId) {
    const unsure = item.tries > 1;
    if (!item.audit && !unsure) return;
    const verdict = item.audit ? "undo" : "clear";
    const { asset, tag, version, name } = item;
    this.#hold({ id: newId(), asset, tag, version, name, verdict, of: item.audit, group: "", unsure }, now, now);
    this.items.splice(this.items.indexOf(item) + 1, 0, this.items.pop()); // before a newer answer to the question
  }

  #refuse(item, why, now, newId) {
    item.why = why;
    if (item.back) this.items = this.items.filter((each) => each !== item); // nothing is left to take back
    if (item.verdict !== "undo" || !item.unsure) return;
    // the answer was sent twice, and the other one counted: clearing takes back whichever it was
    Object.assign(item, { id: newId(), verdict: "clear", of: "", state: "held", due: now, why: "", unsure: false });
  }

  // Return whether something about the same question must be settled first: its answer, or that it was taken back.
  #waits(item, n) {
    const open = (each) => UNSENT.has(each.state) || (!isAnswer(each) && each.state === "sent");
    return this.items.slice(0, n).some((each) => sameQuestion(each, item) && open(each));
  }

  #of(ids) {
    const wanted = new Set(ids);
    return this.items.filter((item) => item.state === "sending" && wanted.has(item.id));
  }
}

const isAnswer = (item) => item.verdict === "accept" || item.verdict === "reject";
const byId = (entries) => new Map((entries ?? []).map((entry) => [entry.id, entry]));
const decision = ({ id, asset, tag, verdict, version, of }) => ({ id, asset, tag, verdict, version, of });

function readItems(text) {
  try {
    const items = JSON.parse(text ?? "[]");
    return Array.isArray(items) ? items.filter(isItem) : [];
  } catch {
    return [];
  }
}

function isItem(item) {
  const texts = ["id", "group", "asset", "tag", "verdict", "of", "audit", "why", "name"];
  const numbers = ["version", "due", "tries"];
  return (
    !!item &&
    STATES.includes(item.state) &&
    texts.every((key) => typeof item[key] === "string") &&
    numbers.every((key) => Number.isSafeInteger(item[key]))
  );
}
