// Keys of a page. Single characters can be switched off (WCAG 2.1.4): speech input and slips would trigger them.
const SWITCH = "autotag.keys";
const TYPED = "input:not([type=checkbox]), select, textarea";
const PRESSED = "a, button, summary, input";

const isOff = () => localStorage.getItem(SWITCH) === "off";

// Call `actions[key](event)` for keys, letters in lower case; a key that is held down answers once.
export function onKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isCharacter = key.length === 1;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || target.closest(TYPED)) return;
    if ((key === " " || key === "Enter") && target.closest(PRESSED)) return;
    const action = actions[isCharacter ? key.toLowerCase() : key];
    if (!action || (isCharacter && isOff())) return;
    event.preventDefault();
    if (!event.repeat || !isCharacter) action(event);
  });
}

// Make the dialog #help and its button work, with the switch for single-letter keys; return the function that opens it.
export function help() {
  const dialog = document.getElementById("help");
  const toggle = document.getElementById("letter-keys");
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"));
  const open = () => dialog.showModal();
  document.getElementById("show-help").addEventListener("click", open);
  return open;
}
