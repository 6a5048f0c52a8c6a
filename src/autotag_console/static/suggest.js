// Says how many assets are read, and loads the page again once all are.
const EVERY_MS = 1000;
const reading = document.getElementById("reading");

async function look() {
  try {
    const answer = await fetch("/api/suggest");
    const { assets } = await answer.json();
    if (assets === null) return location.reload();
    reading.textContent = `${assets.toLocaleString("en-US")} pictures read so far …`;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) throw error;
    reading.textContent = "The console does not answer.";
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
