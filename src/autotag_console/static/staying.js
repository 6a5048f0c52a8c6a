// What loads a page again waits while a person is on the way to another one: it would break that off.
const PATIENCE_MS = 30_000; // in which a page answers; then the way there is given up
const AGAIN_MS = 1_000;
let left = -PATIENCE_MS;

addEventListener("beforeunload", () => (left = performance.now()));
addEventListener("pageshow", () => (left = -PATIENCE_MS));

// Call `act` once no person is on the way to another page.
export function whenStaying(act) {
  if (performance.now() - left >= PATIENCE_MS) act();
  else setTimeout(() => whenStaying(act), AGAIN_MS);
}

// Load the page again once no person is on the way to another one.
export function reloadWhenStaying() {
  whenStaying(() => location.reload());
}
