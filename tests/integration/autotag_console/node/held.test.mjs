// The answers that a page holds: sent once, late or never, whatever the network does.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BATCH, HISTORY, HOLD_MS, HeldAnswers, MOST_HELD } from "../../../../src/autotag_console/static/held.js";

let made = 0;
const newId = () => `n${(made += 1)}`;
const about = (tag, verdict = "accept", asset = "a1") => ({ id: newId(), asset, tag, verdict, version: 7, name: asset });
const tags = (batch) => batch.map((each) => `${each.verdict} ${each.tag}`);
const ids = (batch) => batch.map((each) => each.id);
const queued = (batch) => ({ queued: batch.map((each) => ({ ...each, audit_id: `audit-${each.id}` })) });

function sent(held, now) {
  const batch = held.take(now);
  held.settle(ids(batch), queued(batch), now, newId);
  return batch;
}

test("an answer is held for four seconds, and then sent once", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 1000);
  assert.deepEqual([held.take(1000 + HOLD_MS - 1), held.wait(1000), held.unsent()], [[], HOLD_MS, 1]);
  assert.deepEqual(tags(sent(held, 1000 + HOLD_MS)), ["accept guitar"]);
  assert.deepEqual([held.take(99_000, true), held.wait(99_000), held.unsent()], [[], null, 0]);
});

test("fifty answers are not held any longer, and a request has a hundred at most", () => {
  const held = new HeldAnswers();
  for (let n = 1; n < MOST_HELD; n += 1) held.give([about(`t${n}`)], 0);
  assert.deepEqual(held.take(1), []);
  held.give(Array.from({ length: 120 }, (_, n) => about(`u${n}`)), 0);
  assert.equal(held.wait(1), 0);
  const first = held.take(1);
  assert.equal(first.length, BATCH);
  assert.deepEqual([held.take(2), held.wait(2)], [[], null]); // one request at a time
  held.settle(ids(first), queued(first), 2, newId);
  assert.equal(held.take(2).length, MOST_HELD - 1 + 120 - BATCH);
});

test("what is taken back while it is held is never sent", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  held.give([about("amp"), about("drum", "reject")], 10);
  assert.deepEqual(tags(held.takeBack(20, newId)), ["accept amp", "reject drum"]);
  assert.deepEqual(tags(held.take(HOLD_MS)), ["accept guitar"]);
});

test("what is taken back after it was sent is taken back by the id of its audit, at once", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  const [{ id }] = sent(held, HOLD_MS);
  assert.equal(held.stands({ asset: "a1", tag: "guitar" }), true);
  held.takeBack(9000, newId);
  assert.equal(held.stands({ asset: "a1", tag: "guitar" }), false);
  const [undo] = held.take(9000);
  assert.deepEqual([undo.verdict, undo.of, undo.tag, undo.version], ["undo", `audit-${id}`, "guitar", 7]);
  assert.deepEqual(held.takeBack(9001, newId), []); // there is no undo of an undo
});

test("what is taken back on its way is taken back once the service has answered", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  const batch = held.take(HOLD_MS);
  assert.equal(held.takeBack(HOLD_MS + 1, newId).length, 1);
  assert.deepEqual(held.take(HOLD_MS + 2, true), []);
  held.settle(ids(batch), queued(batch), HOLD_MS + 3, newId);
  assert.deepEqual(tags(held.take(HOLD_MS + 3)), ["undo guitar"]);
});

test("another answer waits until the one before it is taken back", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  sent(held, HOLD_MS);
  held.takeBack(5000, newId);
  held.give([about("guitar", "reject")], 5001);
  const [undo] = sent(held, 99_000);
  assert.deepEqual([undo.verdict, held.take(99_001), held.wait(99_001), held.unsent()], ["undo", [], null, 1]);
  assert.deepEqual(ids(held.toCheck()), [undo.id]);
  held.progress({ under_way: [undo] }, 99_002, newId);
  assert.deepEqual(held.take(99_002), []);
  held.progress({ done: [undo] }, 99_003, newId);
  assert.deepEqual(tags(held.take(99_003)), ["reject guitar"]);
});

test("an answer that was lost is sent again, and one that a report leaves out", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  const first = held.take(HOLD_MS);
  held.lose(ids(first));
  assert.equal(held.unsent(), 1);
  assert.deepEqual(ids(held.take(HOLD_MS)), ids(first));
  held.settle(ids(first), {}, HOLD_MS, newId);
  assert.deepEqual(ids(held.take(HOLD_MS)), ids(first));
});

test("a lost answer that is taken back is never just forgotten: it may have arrived", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  const batch = held.take(HOLD_MS);
  held.lose(ids(batch));
  held.takeBack(5000, newId);
  assert.deepEqual(tags(held.take(5000)), ["accept guitar"]);
  held.settle(ids(batch), { done: batch }, 5001, newId); // it had arrived, and nobody knows its audit
  const [clear] = held.take(5001);
  assert.deepEqual([clear.verdict, clear.of], ["clear", ""]);
});

test("an answer that was sent twice, and was done the second time, is this reviewer's own", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  held.lose(ids(held.take(HOLD_MS)));
  const batch = held.take(5000);
  held.settle(ids(batch), { done: batch }, 5001, newId);
  assert.deepEqual(tags(held.takeBack(6000, newId)), ["accept guitar"]);
  assert.deepEqual(tags(held.take(6000)), ["clear guitar"]);
});

test("an undo of an answer that was sent twice clears it, where the other one counted", () => {
  const held = new HeldAnswers();
  held.give([about("guitar", "reject")], 0);
  held.lose(ids(held.take(HOLD_MS)));
  sent(held, 5000);
  held.takeBack(6000, newId);
  const undo = held.take(6000);
  held.settle(ids(undo), { refused: [{ ...undo[0], why: "there is no such answer" }] }, 6001, newId);
  assert.deepEqual([tags(held.take(6001)), held.refused()], [["clear guitar"], []]);
});

test("an answer that another person had given before is not taken back", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  const batch = held.take(HOLD_MS);
  held.settle(ids(batch), { done: batch }, 5000, newId);
  assert.deepEqual([held.takeBack(5001, newId), held.take(99_000, true)], [[], []]);
});

test("a refused answer is kept with its reason until it is sent again or forgotten", () => {
  const held = new HeldAnswers();
  held.give([about("guitar"), about("amp"), about("drum")], 0);
  const [guitar, amp, drum] = held.take(HOLD_MS);
  const report = { ...queued([drum]), refused: [{ ...guitar, why: "overwritten" }, { ...amp, why: "deleted" }] };
  held.settle([guitar.id, amp.id, drum.id], report, 5000, newId);
  held.progress({ refused: [{ ...drum, why: "Cloudinary refused it" }] }, 6000, newId);
  const reasons = HeldAnswers.restore(held.save()).refused().map((item) => `${item.tag}: ${item.why}`);
  assert.deepEqual(reasons, ["guitar: overwritten", "amp: deleted", "drum: Cloudinary refused it"]);
  assert.equal(held.stands(guitar), false);
  held.again(guitar.id, 7000, newId);
  held.forget(amp.id);
  const [again] = held.take(7000);
  assert.deepEqual([tags([again]), held.refused().length], [["accept guitar"], 1]);
  assert.notEqual(again.id, guitar.id); // the console would repeat what it reported about that one
});

test("a request that the service cannot read loses no answer", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  held.refuse(ids(held.take(HOLD_MS)), "decisions: expected 1 to 100", 5000, newId);
  assert.deepEqual([held.refused()[0].why, held.unsent()], ["decisions: expected 1 to 100", 0]);
});

test("leaving a page sends what is held, and what was on its way is sent again by the next page", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  held.take(HOLD_MS);
  held.give([about("amp")], 5000);
  assert.deepEqual(tags(held.take(5001, true)), ["accept amp"]);
  const next = HeldAnswers.restore(held.save());
  assert.deepEqual([next.kept(), tags(next.take(5002))], [0, ["accept guitar", "accept amp"]]);
});

test("after a crash, answers that never left are offered: sent or discarded, not sent by themselves", () => {
  const held = new HeldAnswers();
  held.give([about("guitar")], 0);
  for (const [choose, expected] of [["resume", ["accept guitar"]], ["discard", []]]) {
    const next = HeldAnswers.restore(held.save());
    assert.deepEqual([next.kept(), next.unsent(), next.take(99_000, true)], [1, 1, []]);
    next[choose](99_000);
    assert.deepEqual(tags(next.take(99_000)), expected);
  }
});

test("what is stored is read with care", () => {
  for (const text of [null, "", "{", "{}", "[1]", '[{"id":"x"}]', '[{"state":"held"}]', '[null]']) {
    assert.deepEqual(HeldAnswers.restore(text).items, []);
  }
});

test("two hundred answers can be taken back, and older ones are forgotten", () => {
  const held = new HeldAnswers();
  for (let n = 0; n < HISTORY + 30; n += 1) {
    held.give([about(`t${n}`)], n * HOLD_MS);
    sent(held, (n + 1) * HOLD_MS);
  }
  let count = 0;
  while (held.takeBack(9e9, newId).length) count += 1;
  assert.ok(count >= HISTORY && count <= HISTORY + 1, String(count));
});
