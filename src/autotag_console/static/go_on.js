// Goes on with what is read step by step: sends the form #go-on in the background as long as there is more, and at last
// for good, so that the browser can load the page of the result again. Leaving the page ends it.
import { whenStaying } from "./staying.js";

const form = document.getElementById("go-on");
const sealed = document.getElementById("sealed");
const button = form.querySelector("button");
let live = document.getElementById("live");

async function step() {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", headers: { accept: "text/html" }, body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("sealed");
  // the answer for a person says what is wrong
  if (!answer.ok || !next) return whenStaying(() => form.requestSubmit());
  sealed.value = next.value;
  // it is complete, and nothing is read again
  if (!page.getElementById("go-on")) return whenStaying(() => form.requestSubmit());
  const said = page.getElementById("live");
  live.replaceWith(said);
  live = said;
  return step();
}

button.hidden = true;
try {
  await step();
} catch (error) {
  button.hidden = false; // a lost connection comes back
  if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
}
