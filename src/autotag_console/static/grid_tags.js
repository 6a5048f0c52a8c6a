// The tags of the grid, where they were not counted in time for the first paint.
import { loadTags } from "./tag_list.js";

const list = document.getElementById("tag-list");
const { folder } = list.parentElement.dataset;
loadTags(list, { folder, order: "confidence" }).then((total) => {
  document.getElementById("nothing").hidden = total === null || list.childElementCount > 0;
});
