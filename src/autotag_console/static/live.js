// Shows what changes on a page while something goes: asks for the page again as often as its part #live says
// (data-every, in ms), as long as the page is visible. Once the part says no more, the page is loaded whole.
import { reloadWhenStaying } from "./staying.js";

let live = document.getElementById("live");

async function look() {
  const every = Number(live.dataset.every);
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("live");
      if (!next?.dataset.every) return reloadWhenStaying();
      live.replaceWith(next);
      live = next;
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error; // a lost connection comes back
    }
  }
  setTimeout(look, every);
}

setTimeout(look, Number(live.dataset.every));
