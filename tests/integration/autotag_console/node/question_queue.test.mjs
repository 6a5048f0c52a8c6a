// The order of a deck: by tag or by picture, without what is answered or skipped, and back again.
import assert from "node:assert/strict";
import { test } from "node:test";

import { QuestionQueue } from "../../../../src/autotag_console/static/question_queue.js";

const asset = (id, ...tags) => ({
  asset: id,
  questions: tags.map((tag) => (tag.endsWith("+") ? { tag: tag.slice(0, -1), extra: true } : { tag })),
});
const shown = (entry) => entry && `${entry.question.tag} ${entry.asset.asset}`;

function queueOf(...assets) {
  const answered = new Set();
  const queue = new QuestionQueue((id, tag) => answered.has(`${tag} ${id}`));
  queue.add(assets);
  const answer = () => answered.add(shown(queue.current()));
  return { queue, answered, answer, ahead: () => queue.ahead().map(shown) };
}

test("the same question comes in a row, or all questions about a picture do", () => {
  const { queue, ahead } = queueOf(asset("a1", "guitar", "amp"), asset("a2", "amp", "guitar"));
  assert.deepEqual(ahead(), ["guitar a1", "guitar a2", "amp a1", "amp a2"]);
  queue.reorder(false);
  assert.deepEqual(ahead(), ["guitar a1", "amp a1", "guitar a2", "amp a2"]);
});

test("a change of the order keeps the question that is shown", () => {
  const { queue, answer, ahead } = queueOf(asset("a1", "guitar", "amp"), asset("a2", "guitar", "amp"));
  answer();
  assert.equal(shown(queue.current()), "guitar a2");
  queue.reorder(false);
  assert.deepEqual(ahead(), ["guitar a2", "amp a2", "amp a1"]);
});

test("what is answered or skipped is not shown, nor added again", () => {
  const { queue, answer, ahead } = queueOf(asset("a1", "guitar"), asset("a2", "guitar"), asset("a3", "guitar"));
  answer();
  queue.skip([queue.current()]);
  queue.add([asset("a2", "guitar"), asset("a4", "guitar")]);
  assert.deepEqual(ahead(), ["guitar a3", "guitar a4"]);
});

test("what is taken back comes next", () => {
  const { queue, answered, answer, ahead } = queueOf(asset("a1", "guitar"), asset("a2", "guitar"));
  answer();
  answer();
  assert.equal(queue.current(), null);
  answered.delete("guitar a1");
  queue.back([{ asset: "a1", tag: "guitar" }]);
  assert.deepEqual(ahead(), ["guitar a1"]);
  queue.back([{ asset: "a9", tag: "guitar" }]); // of a page that was left
  assert.deepEqual(ahead(), ["guitar a1"]);
});

test("other questions about the picture can be answered along, and do not ask by themselves", () => {
  const { queue, answered, answer, ahead } = queueOf(asset("a1", "guitar", "amp+", "drum+"), asset("a2", "guitar"));
  const others = () => queue.others(queue.current()).map(shown);
  assert.deepEqual([ahead(), others()], [["guitar a1", "guitar a2"], ["amp a1", "drum a1"]]);
  answered.add("amp a1");
  assert.deepEqual(others(), ["drum a1"]);
  answer();
  assert.deepEqual(others(), []);
  answered.delete("amp a1");
  queue.back([{ asset: "a1", tag: "amp" }]);
  assert.deepEqual(ahead(), ["amp a1", "guitar a2"]);
});
