// Says how many assets are read and when these are all, and loads the page again once the result is there.
import { reloadWhenStaying } from "./staying.js";

const EVERY_MS = 1000;
const reading = document.getElementById("reading");

async function look() {
  try {
    const answer = await fetch("/api/suggest");
    const { assets, all_read, of } = await answer.json();
    if (assets === null) return reloadWhenStaying();
    const read = `${assets.toLocaleString("en-US")} ${assets === 1 ? "picture" : "pictures"} read`;
    reading.textContent = all_read
      ? `${read}, which is all. Computing the thresholds …`
      : of ? `${read} of about ${of.toLocaleString("en-US")} …` : `${read} so far …`;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) throw error;
    reading.textContent = "The console does not answer.";
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
