"""From a key to the next picture on the screen, measured in the page."""

from playwright.sync_api import Page

_MEASURE = """() => {
  globalThis.measured = [];
  addEventListener("keydown", (event) => {
    const asked = () => Object.values(document.getElementById("question").dataset).join();
    const before = asked();
    const look = () => {
      const image = document.querySelector("#frame img");
      if (asked() === before || !image?.complete || !image.naturalWidth) return requestAnimationFrame(look);
      const painted = new MessageChannel();  // its message comes after the frame was painted
      painted.port1.onmessage = () => measured.push(performance.now() - event.timeStamp);
      requestAnimationFrame(() => painted.port2.postMessage(0));
    };
    look();
  }, true);
}"""


def start_measuring(page: Page) -> None:
    """Measure every key from now on that leads to another question."""
    page.evaluate(_MEASURE)


def times(page: Page) -> list[float]:
    """Return the milliseconds of each key, in their order."""
    return [float(each) for each in page.evaluate("globalThis.measured")]
