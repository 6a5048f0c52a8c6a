"""From a key to the next picture on the screen, measured in the page."""

from playwright.sync_api import Page

_MEASURE = """() => {
  globalThis.measured = [];
  addEventListener("keydown", (event) => {
    const before = document.getElementById("question").dataset.asset;
    const look = () => {
      const image = document.querySelector("#frame img");
      const isNext = document.getElementById("question").dataset.asset !== before;
      if (!isNext || !image?.complete || !image.naturalWidth) return requestAnimationFrame(look);
      const painted = new MessageChannel();  // its message comes after the frame was painted
      painted.port1.onmessage = () => measured.push(performance.now() - event.timeStamp);
      requestAnimationFrame(() => painted.port2.postMessage(0));
    };
    look();
  }, true);
}"""


def start_measuring(page: Page) -> None:
    """Measure every key from now on that leads to another picture."""
    page.evaluate(_MEASURE)


def times(page: Page) -> list[float]:
    """Return the milliseconds of each key, in their order."""
    return [float(each) for each in page.evaluate("globalThis.measured")]
