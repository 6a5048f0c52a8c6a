// Puts a page that takes long in the place of this one, once it is there.
const looking = document.getElementById("looking");
try {
  const answer = await fetch(looking.dataset.waiting);
  show(new DOMParser().parseFromString(await answer.text(), "text/html"));
} catch (error) {
  if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  looking.textContent = `The pictures could not be loaded (${error.message}): load the page again.`;
}

function show(page) {
  document.title = page.title;
  document.body.replaceWith(page.body);
  for (const { src } of document.querySelectorAll("script[type=module]")) import(src); // parsed scripts do not run
}
