// A picture that does not load is replaced by its reason. Listens in the capture phase: `error` events do not bubble.
export const MISSING = "Cloudinary does not deliver this picture. It may have been deleted, renamed or restricted.";

export function reasonFor(text) {
  const reason = document.createElement("p");
  reason.className = "no-picture";
  reason.textContent = text;
  return reason;
}

const replace = (image) => image.replaceWith(reasonFor(MISSING));

document.addEventListener(
  "error",
  ({ target }) => target instanceof HTMLImageElement && target.hasAttribute("data-picture") && replace(target),
  true,
);
for (const image of document.querySelectorAll("img[data-picture]")) {
  if (image.complete && !image.naturalWidth && image.currentSrc) replace(image);
}
