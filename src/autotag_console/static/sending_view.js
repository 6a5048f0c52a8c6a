// What a page says about answers on their way: how many are not sent yet, a lost connection, refusals.
const byId = (id) => document.getElementById(id);
const counted = (n) => (n === 1 ? "1 answer" : `${n} answers`);

const TROUBLE = {
  lost: ({ message, seconds }, n) =>
    `No connection to the console (${message}). ${counted(n)} kept; the next attempt is in ${seconds} s.`,
  expired: ({ message }, n) =>
    `Your session has ended; ${counted(n)} kept in this tab. Start autotag console --port ${location.port} again, open ` +
    `the address that it prints in another tab of this browser, and press Try again here. (${message})`,
  denied: ({ message }, n) => `${message} ${counted(n)} kept in this tab.`,
};

// Connect the part #sending of a page with `sender`; return what shows its state.
export function sendingView(sender) {
  byId("retry").addEventListener("click", () => sender.retry());
  byId("send-kept").addEventListener("click", () => sender.resume());
  byId("discard-kept").addEventListener("click", () => sender.discard());
  byId("my-answers").addEventListener("click", async (event) => {
    event.preventDefault(); // the list holds what the console knows of
    await sender.flush();
    location.assign(event.target.href);
  });
  byId("refused").addEventListener("click", ({ target }) => {
    const id = target.closest("[data-refused]")?.dataset.refused;
    if (target.closest("[data-again]")) sender.again(id);
    if (target.closest("[data-forget]")) sender.forget(id);
  });
  return () => {
    const { held, trouble } = sender;
    const [unsent, kept] = [held.unsent(), held.kept()];
    setText("unsent", unsent ? `${unsent} not sent yet` : "Everything is sent.");
    byId("unsent").dataset.unsent = unsent;
    byId("trouble").hidden = !trouble;
    if (trouble) setText("trouble-text", TROUBLE[trouble.kind](trouble, unsent));
    byId("kept").hidden = !kept;
    if (kept) setText("kept-text", `${counted(kept)} of before did not leave this page.`);
    showRefused(held.refused());
  };
}

function showRefused(items) {
  const list = byId("refused-list");
  byId("refused").hidden = !items.length;
  const shown = new Set([...list.children].map((each) => each.dataset.refused));
  for (const each of [...list.children]) if (!items.some((item) => item.id === each.dataset.refused)) each.remove();
  for (const item of items.filter(({ id }) => !shown.has(id))) {
    const line = byId("refusal").content.cloneNode(true).firstElementChild;
    line.dataset.refused = item.id;
    line.querySelector("[data-what]").textContent = item.name;
    line.querySelector("[data-why]").textContent = item.why;
    list.append(line);
  }
}

function setText(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text; // a live region speaks only when it changes
}
