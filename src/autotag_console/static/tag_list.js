// The list of tags, loaded after the first paint where the questions were not counted in time.
import { messageOf } from "./sending.js";

// Fill the list, and return the number of questions of the current tag; null if the page has the list already, or if it
// could not be loaded: then its place says why.
export async function loadTags(list, query) {
  const counting = document.getElementById("counting");
  if (!counting) return null;
  try {
    const response = await fetch(`/api/tags?${new URLSearchParams(query)}`);
    if (!response.ok) throw new TypeError(await messageOf(response));
    const { rows, total } = await response.json();
    list.replaceChildren(...rows.map(rowOf));
    counting.remove();
    return total;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    counting.textContent = `The questions could not be counted (${error.message}).`;
    return null;
  }
}

function rowOf({ tag, name, questions, address, is_current: isCurrent }) {
  const row = document.getElementById("tag-row").content.cloneNode(true);
  const link = row.querySelector("a");
  link.href = address;
  link.dataset.tag = tag;
  if (isCurrent) link.setAttribute("aria-current", "true");
  row.querySelector("bdi").textContent = name;
  row.querySelector(".number").textContent = questions;
  return row;
}
