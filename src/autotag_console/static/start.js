// Loads the one line about the service's health once the page is painted. Without it, the link beside it shows it all.

const place = document.getElementById("health-line");
const colors = { ok: "good", warn: "warn", fail: "bad" };

async function load() {
  try {
    const answer = await fetch("/api/health", { headers: { accept: "application/json" } });
    const body = await answer.json();
    place.textContent = answer.ok ? body.finding : body.error.message;
    place.classList.add(answer.ok ? colors[body.state] : "bad");
  } catch {
    place.textContent = "The console does not answer.";
    place.classList.add("bad");
  }
}

if (place) {
  place.textContent = "Looking …";
  await load();
}
