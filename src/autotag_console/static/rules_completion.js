// Offers what can be typed at the caret: on Ctrl+Space, and while a key or the name of a label is typed. The field keeps
// the focus; Escape closes the list, Enter and Tab take an option only if one is chosen.
const PAUSE_MS = 120;
const TYPES = /[\p{L}\p{N}_".[-]/u;

/** Lets `field` offer options in `list`; `said` is read to people who do not see it. */
export function completes(field, list, said, post) {
  let offer = null;
  let chosen = -1;
  let timer;
  let asked = 0;

  async function ask(wanted) {
    const number = (asked += 1);
    const at = field.selectionStart;
    const [before, after] = [field.value.slice(0, at), field.value.slice(at).split("\n", 1)[0]];
    try {
      const answer = await post("/rules/complete", { before, after });
      const found = await answer.json();
      if (number !== asked || at !== field.selectionStart || document.activeElement !== field) return;
      if (wanted || found.typed) open(found, wanted);
      else close();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      close(); // without the server nothing is offered; the check says that it does not answer
    }
  }

  function open(found, wanted) {
    close();
    const options = found.options.filter(({ insert }) => insert !== found.typed + found.rest);
    if (options.length === 0) {
      if (wanted) said.textContent = "Nothing is known that fits here.";
      return;
    }
    offer = { ...found, options };
    list.replaceChildren(...options.map(({ name, about }, index) => {
      const item = document.createElement("li");
      item.id = `option-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const title = document.createElement("b");
      title.textContent = name;
      item.append(title, about ? ` ${about}` : "");
      item.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      item.addEventListener("click", () => take(index));
      return item;
    }));
    list.hidden = false;
    put();
    said.textContent = `${options.length} ${options.length === 1 ? "option" : "options"}, arrow keys choose one`;
    if (wanted) choose(0);
  }

  function put() {
    const style = getComputedStyle(field);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const lines = field.value.slice(0, field.selectionStart - offer.typed.length).split("\n");
    const width = pen.measureText(lines.at(-1).replaceAll("\t", "    ")).width;
    const left = field.offsetLeft + parseFloat(style.paddingLeft) + width - field.scrollLeft;
    const top = field.offsetTop + parseFloat(style.paddingTop) + lines.length * parseFloat(style.lineHeight) - field.scrollTop;
    list.style.insetInlineStart = `${Math.max(0, Math.min(left, field.offsetParent.clientWidth - list.offsetWidth))}px`;
    list.style.insetBlockStart = `${top}px`;
  }

  function choose(index) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = (index + offer.options.length) % offer.options.length;
    const item = list.children[chosen];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", item.id);
  }

  function take(index) {
    const { typed, rest, options } = offer;
    const at = field.selectionStart;
    close();
    field.setSelectionRange(at - typed.length, at + rest.length);
    // the one way to put text in that Ctrl+Z takes back
    if (!document.execCommand("insertText", false, options[index].insert)) {
      field.setRangeText(options[index].insert, at - typed.length, at + rest.length, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function close() {
    clearTimeout(timer);
    offer = null;
    chosen = -1;
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
  }

  field.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      ask(true);
    } else if (offer === null || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : Math.max(chosen, 0) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    }
  });
  field.addEventListener("input", (event) => {
    close();
    const typed = event.inputType === "insertText" && TYPES.test(event.data ?? "");
    if (typed || event.inputType === "deleteContentBackward") timer = setTimeout(ask, PAUSE_MS, false);
  });
  field.addEventListener("blur", close);
  field.addEventListener("scroll", () => offer && put());
  field.addEventListener("pointerdown", close);
}
