// Loads what was not at hand for the first paint: the line about the service's health, and the work once it is counted.
// Without it, the link to the health page shows it all, and the page loads itself again until the work is counted.
import { reloadWhenStaying } from "./staying.js";

const health = document.getElementById("health-line");
const counting = document.getElementById("counting");
const colors = { ok: "good", warn: "warn", fail: "bad" };

async function ask(path) {
  try {
    const answer = await fetch(path, { headers: { accept: "application/json" } });
    const body = await answer.json();
    return answer.ok ? body : { fault: body.error.message };
  } catch {
    return { fault: "The console does not answer." };
  }
}

function say(place, text, color) {
  place.textContent = text;
  if (color) place.classList.add(color);
}

async function loadHealth() {
  say(health, "Looking …");
  const line = await ask("/api/health");
  say(health, line.fault ?? line.finding, colors[line.state] ?? "bad");
}

async function loadWork(other) {
  const work = await ask("/api/work");
  if (work.fault) return say(counting, work.fault, "bad");
  await other; // a page that loads again breaks off what it still asks
  reloadWhenStaying();
}

const healthLoaded = health.textContent === "" ? loadHealth() : Promise.resolve();
if (counting) loadWork(healthLoaded);
