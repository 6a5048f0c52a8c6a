"""axe-core on a page: what it finds against accessibility, in light and in dark."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

_AXE = (Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
_RUN = """async () => {
  const rules = { "target-size": { enabled: true } };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], rules });
  return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
}"""
"""All of axe's rules, the one of WCAG 2.2 about the size of targets too, which axe leaves out by itself."""

SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def axe_findings(page: Page) -> list[str]:
    """Return what axe finds on a page in light and in dark, a line for each element; none on an accessible page."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": _AXE})  # as the developer tools do: a CSP does not forbid it
    session.detach()
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        violations: list[dict[str, Any]] = page.evaluate(_RUN)
        found += [f"{scheme}: {each['id']}: {each['help']}: {html}" for each in violations for html in each["nodes"]]
    page.emulate_media(color_scheme="null")
    return found
