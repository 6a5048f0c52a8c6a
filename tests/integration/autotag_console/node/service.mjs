// The review service as far as answers matter: queued, carried out later and in any order, taken back by their audit.
// Written from docs/operations.md, "Taking back". The console in front of it answers an id that comes again as it did
// before, unless it was refused; `forgets` says how often it is started anew.

export class Service {
  wishes = new Map(); // question -> {want, audit, at}
  withdrawn = new Map(); // question -> when the last answer was taken back
  seen = []; // the ids that arrived
  #queue = [];
  #known = new Map();
  #time = 0;
  #startsAnew;

  constructor(forgets, random) {
    this.#startsAnew = () => random() < forgets;
  }

  decide(decisions) {
    const report = { queued: [], done: [], refused: [] };
    if (this.#startsAnew()) this.#known.clear();
    for (const decision of decisions) {
      this.seen.push(decision.id);
      const [list, more] = this.#known.get(decision.id) ?? this.#decide(decision);
      if (list !== "refused") this.#known.set(decision.id, [list, more]);
      report[list].push({ ...decision, ...more });
    }
    return report;
  }

  #decide({ asset, tag, verdict, of }) {
    const key = `${asset} ${tag}`;
    const [wish, at] = [this.wishes.get(key), (this.#time += 1)];
    const queue = (more) => {
      this.#queue.push({ key, at, audit: `${at}`, ...more });
      return ["queued", { audit_id: `${at}` }];
    };
    if (verdict === "clear") {
      if (wish) return queue({ undo: wish.at });
      return this.withdrawn.has(key) ? ["done", {}] : ["refused", { why: "no person removed it" }];
    }
    if (verdict === "undo") {
      if (this.#isWithdrawn(key, Number(of))) return ["done", {}];
      if (!wish || wish.at === Number(of)) return queue({ undo: Number(of) });
      return ["refused", { why: "there is no such answer" }];
    }
    if (!wish) return queue({ want: verdict });
    return wish.want === verdict ? ["done", {}] : ["refused", { why: "there is no question" }];
  }

  // Carry out one of the messages in the queue, chosen by `random`.
  work(random) {
    if (!this.#queue.length) return;
    const [{ key, at, want, undo }] = this.#queue.splice(Math.floor(random() * this.#queue.length), 1);
    const wish = this.wishes.get(key);
    if (want && !wish && !this.#isWithdrawn(key, at)) this.wishes.set(key, { want, at });
    if (!undo || (wish && wish.at !== undo)) return;
    this.wishes.delete(key);
    this.withdrawn.set(key, Math.max(at, this.withdrawn.get(key) ?? 0));
  }

  progress(decisions) {
    const report = { done: [], under_way: [], refused: [] };
    for (const decision of decisions) {
      const key = `${decision.asset} ${decision.tag}`;
      const since = Number(decision.of || decision.audit_id);
      const isUndo = decision.verdict === "undo" || decision.verdict === "clear";
      const wish = this.wishes.get(key);
      const isDone = isUndo ? this.#isWithdrawn(key, since) : wish?.want === decision.verdict;
      const isAnother = wish && (!isUndo || wish.at !== since) && decision.verdict !== "clear";
      if (!isDone && isAnother) report.refused.push({ ...decision, why: "there is no such answer" });
      else report[isDone ? "done" : "under_way"].push(decision);
    }
    return report;
  }

  #isWithdrawn = (key, at) => (this.withdrawn.get(key) ?? 0) >= at;
}
