// Sends held answers to the console: in batches, with back-off after a lost connection, and when the page is left.
// Keeps them in sessionStorage under the stack's and the caller's name, so that a new session of the same person at
// the same stack finds them, and no other page does.
import { HeldAnswers } from "./held.js";

const BACK_OFF = [1, 2, 4, 8, 15, 30]; // seconds until the next attempt
const CHECKS = 20; // times to ask what became of answers, from 1.5 to 30 seconds apart
const LIMIT_MS = 30_000;
const KEEPALIVE_BYTES = 60_000; // of requests that outlive a page; the Fetch standard allows 64 KiB

const newId = () => crypto.randomUUID();
const idsOf = (decisions) => decisions.map((each) => each.id);

export class Sender {
  trouble = null; // {kind: "lost" | "expired" | "denied", message, until}
  #failures = 0;
  #checks = 0;
  #timer = 0;
  #checkTimer = 0;
  #delivery = Promise.resolve(); // kept when the last batch was answered, or was not

  constructor(key, onChange) {
    this.key = `autotag.answers.${key}`;
    this.onChange = onChange;
    const session = document.querySelector("meta[name=csrf]");
    [this.csrf, this.caller] = [session.content, session.dataset.caller];
    this.held = HeldAnswers.restore(stored(this.key));
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", (event) => event.persisted && this.#restore());
    addEventListener("online", () => this.retry());
  }

  start() {
    this.#changed();
    if (this.held.toCheck().length) this.#checkSoon(true);
  }

  give(answers) {
    this.held.give(answers.map((answer) => ({ id: newId(), ...answer })), Date.now());
    this.#changed();
  }

  takeBack() {
    const items = this.held.takeBack(Date.now(), newId);
    this.#changed();
    return items;
  }

  again(id) {
    this.held.again(id, Date.now(), newId);
    this.#changed();
  }

  forget(id) {
    this.held.forget(id);
    this.#changed();
  }

  resume() {
    this.held.resume(Date.now());
    this.#changed();
  }

  discard() {
    this.held.discard();
    this.#changed();
  }

  // Send what is held without waiting any longer; the promise is kept when the service has answered, or has not, also
  // about what was on its way.
  async flush() {
    await this.#delivery;
    await this.#send(true);
  }

  // Try again now; a session that was renewed in another tab has another token.
  async retry() {
    if (this.trouble && this.trouble.kind !== "lost") await this.#renew();
    this.trouble = null;
    this.#changed();
  }

  #changed() {
    store(this.key, this.held.save());
    this.onChange(this);
    clearTimeout(this.#timer);
    const wait = this.held.wait(Date.now());
    if (wait === null || (this.trouble && this.trouble.kind !== "lost")) return;
    this.#timer = setTimeout(() => this.#send(), Math.max(wait, (this.trouble?.until ?? 0) - Date.now()));
  }

  async #send(all = false) {
    const batch = this.held.take(Date.now(), all);
    if (batch.length) await (this.#delivery = this.#deliver(batch));
  }

  async #deliver(batch) {
    this.#changed();
    try {
      this.held.settle(idsOf(batch), await this.#post("/api/answers", batch), Date.now(), newId);
      [this.#failures, this.trouble] = [0, null];
      this.#checkSoon(true);
    } catch (error) {
      this.#failed(error, idsOf(batch));
    }
    this.#changed();
  }

  #failed(error, ids) {
    const { status = 0, message } = error;
    if (status === 400 || status === 413) return this.held.refuse(ids, message, Date.now(), newId);
    this.held.lose(ids);
    if (status === 401) this.trouble = { kind: "expired", message };
    else if (status === 403) this.trouble = { kind: "denied", message };
    else {
      const seconds = BACK_OFF[Math.min(this.#failures, BACK_OFF.length - 1)];
      this.#failures += 1;
      this.trouble = { kind: "lost", message, seconds, until: Date.now() + seconds * 1000 };
    }
  }

  #checkSoon(fresh) {
    if (fresh) this.#checks = 0;
    clearTimeout(this.#checkTimer);
    if (this.#checks >= CHECKS) return;
    this.#checkTimer = setTimeout(() => this.#check(), Math.min(1500 * 1.5 ** this.#checks, 30_000));
  }

  async #check() {
    const asked = this.held.toCheck();
    if (!asked.length) return;
    this.#checks += 1;
    try {
      this.held.progress(await this.#post("/api/progress", asked), Date.now(), newId);
      this.#changed();
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof TypeError || error instanceof DOMException)) throw error;
    } finally {
      this.#checkSoon(false); // a check that failed is not shown: the next one asks again
    }
  }

  async #post(path, decisions, more = { signal: AbortSignal.timeout(LIMIT_MS) }) {
    const headers = { "Content-Type": "application/json", "X-CSRF": this.csrf };
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify({ decisions }), ...more });
    if (!response.ok) throw new Refusal(response.status, await messageOf(response));
    return response.json();
  }

  // The page is left: send all that fits into requests which outlive it. The next page sends them again if need be.
  #leave() {
    const batch = this.held.take(Date.now(), true);
    store(this.key, this.held.save());
    if (!batch.length) return;
    const size = JSON.stringify(batch).length;
    const some = batch.slice(0, Math.floor((batch.length * KEEPALIVE_BYTES) / Math.max(size, KEEPALIVE_BYTES)));
    this.#post("/api/answers", some, { keepalive: true }).catch(() => {}); // no page is left that could show it
  }

  #restore() {
    this.held = HeldAnswers.restore(stored(this.key));
    this.start();
  }

  async #renew() {
    const response = await fetch("/review/done");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const session = page.querySelector("meta[name=csrf]");
    if (session?.dataset.caller === this.caller) this.csrf = session.content; // another person's answers are not these
  }
}

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function messageOf(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error.message;
  } catch {
    return `the console answered ${response.status}`;
  }
}

function stored(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // a browser may forbid storage; then answers live as long as the page
  }
}

function store(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    return; // as above
  }
}
