// A reviewer, a network that loses requests and answers, crashes, and a service that works in any order: at the end
// each question stands as the reviewer left it, or a reason says why not.
import assert from "node:assert/strict";
import { test } from "node:test";

import { HeldAnswers } from "../../../../src/autotag_console/static/held.js";
import { Service } from "./service.mjs";

const RUNS = Number(process.env.RUNS ?? 400);
const STEPS = 150;
const QUESTIONS = ["guitar", "amp", "drum", "press"].map((tag) => ({ asset: "a1", tag, version: 7, name: "a1" }));

// Source: mulberry32 by Tommy Ettinger, public domain.
function randomOf(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Reviewer {
  held = new HeldAnswers();
  meant = new Map(); // question's tag -> verdict, or null
  neverSent = [];
  now = 0;
  #made = 0;
  #onTheirWay = [];

  constructor(service, random) {
    [this.service, this.random] = [service, random];
  }

  newId = () => `n${(this.#made += 1)}`;
  pick = (list) => list[Math.floor(this.random() * list.length)];

  answer() {
    const open = QUESTIONS.filter((question) => !this.held.stands(question) && !this.meant.get(question.tag));
    if (!open.length) return;
    const some = open.slice(0, this.pick([1, 1, 2]));
    const given = some.map((question) => ({ ...question, id: this.newId(), verdict: this.pick(["accept", "reject"]) }));
    for (const each of given) this.meant.set(each.tag, each.verdict);
    this.held.give(given, this.now);
  }

  takeBack() {
    const before = new Map(this.held.items.map((item) => [item.id, item.state !== "sending" && item.tries === 0]));
    for (const item of this.held.takeBack(this.now, this.newId)) {
      this.meant.set(item.tag, null);
      if (before.get(item.id)) this.neverSent.push(item.id);
    }
  }

  // Send what is due; the request, or the answer to it, may be lost or late.
  send(all = false, fate = this.pick(["arrives", "arrives", "late", "request lost", "answer lost"])) {
    const batch = this.held.take(this.now, all);
    if (!batch.length) return;
    const ids = batch.map((each) => each.id);
    if (fate === "request lost") return this.held.lose(ids);
    const report = this.service.decide(batch);
    if (fate === "answer lost") return this.held.lose(ids);
    this.#onTheirWay.push([ids, report]);
    if (fate === "arrives") this.hear();
  }

  hear() {
    for (const [ids, report] of this.#onTheirWay.splice(0)) this.held.settle(ids, report, this.now, this.newId);
  }

  check() {
    const asked = this.held.toCheck();
    if (asked.length) this.held.progress(this.service.progress(asked), this.now, this.newId);
  }

  // The page is left, or the browser dies; the next page goes on with what was stored.
  reload(leaves) {
    if (leaves) this.send(true, this.pick(["late", "request lost"]));
    this.#onTheirWay = [];
    this.held = HeldAnswers.restore(this.held.save());
    if (this.random() < 0.5) return this.held.resume(this.now);
    for (const item of this.held.items.filter((each) => each.state === "kept")) {
      this.meant.set(item.tag, null);
      this.neverSent.push(item.id);
    }
    this.held.discard();
  }

  step() {
    this.now += this.pick([1, 500, 5000]);
    const [is, n] = [(share) => n < share, this.random()];
    if (is(0.25)) this.answer();
    else if (is(0.4)) this.takeBack();
    else if (is(0.6)) this.send();
    else if (is(0.7)) this.hear();
    else if (is(0.8)) this.check();
    else if (is(0.95)) this.service.work(this.random);
    else this.reload(this.random() < 0.5);
  }

  finish() {
    this.held.resume(this.now);
    for (let round = 0; round < 60; round += 1) {
      this.now += 10_000;
      this.hear();
      this.send(false, "arrives");
      this.service.work(this.random);
      this.check();
    }
  }
}

for (const [forgets, what] of [[0, "a console that runs on"], [0.3, "one that is started anew"], [1, "none that knows ids"]]) {
  test(`each question ends as the reviewer left it: ${what}`, () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const random = randomOf(seed);
      const service = new Service(forgets, random);
      const reviewer = new Reviewer(service, random);
      for (let step = 0; step < STEPS; step += 1) reviewer.step();
      reviewer.finish();
      const where = `seed ${seed}`;
      assert.equal(reviewer.held.unsent(), 0, where);
      const refused = new Set(reviewer.held.refused().map((item) => item.tag));
      if (!forgets) assert.deepEqual([...refused], [], where);
      for (const { asset, tag } of QUESTIONS) {
        const [meant, is] = [reviewer.meant.get(tag) ?? null, service.wishes.get(`${asset} ${tag}`)?.want ?? null];
        if (!refused.has(tag)) assert.equal(is, meant, `${where}: ${tag}`);
      }
      for (const id of reviewer.neverSent) assert.ok(!service.seen.includes(id), `${where}: ${id} was sent`);
    }
  });
}
