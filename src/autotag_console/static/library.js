// Loads the page again once the export is read.
import { reloadWhenStaying } from "./staying.js";

const EVERY_MS = 500;
const reading = document.getElementById("reading");

async function look() {
  try {
    const answer = await fetch("/api/library");
    if ((await answer.json()).ready) return reloadWhenStaying();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) throw error;
    reading.textContent = "The console does not answer.";
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
