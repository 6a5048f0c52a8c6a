"""What comes from outside is shown as text: markup, direction marks and control characters do nothing on any page."""

import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

import autotag_console
from autotag.service.rules.publish import ShowRules
from autotag_console.rendering import TEMPLATES
from autotag_console.visible import visible
from tests.fakes.samples import resource
from tests.unit.autotag_console.console_page import Page

PACKAGE = Path(autotag_console.__file__).parent
NAME = "zoo/\u202egpj.\"'><img src=x onerror=alert(1)>\x1b[31m\u2066{{ 7 * 7 }}</title><script>alert(1)</script>"
LABEL = "<b onmouseover=alert(1)>\u202eGuitar\u200b\x07\u2028</b>"
PATHS = ("/", "/asset/a9", "/asset/a9?replay={audit}", "/rules", "/runs", "/health", "/asset/%3Cscript%3E", "/review",
         "/review/grid", "/review/grid?tag=%3Cb%3E", "/review/done")  # fmt: skip


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page() -> Page:
    page = Page(1)
    labels = {LABEL: 0.9, f"{LABEL}?": 0.6}
    page.queue.given(resource("a9", labels, public_id=NAME, tags=(f"{LABEL}!",)))
    return page.start()


@pytest.mark.parametrize("path", PATHS)
def test_hostile_names_are_text_on_every_page(page: Page, path: str) -> None:
    audit = next(iter(page.queue.fakes.audits.records))
    is_harmless(page.get(path.format(audit=audit)).text)


def test_hostile_names_are_text_in_statistics_and_in_the_plan_of_a_run(page: Page) -> None:
    page.post_form("/stats")
    page.app.state.learned.join()
    stats = page.get("/stats").text
    is_harmless(stats)
    assert "⟨U+202E⟩Guitar⟨U+200B⟩" in stats
    page.queue.ops.rule_store.push("[defaults]\nthreshold = 0.95\n")
    page.queue.fakes.rules.use("[defaults]\nthreshold = 0.95\n", 1)
    page.app.state.kept.forget(ShowRules())
    page.post_form("/runs/new")
    page.app.state.plans.join()
    planned = page.get("/runs/new").text
    is_harmless(planned)
    assert 'id="plan"' in planned


def is_harmless(text: str) -> None:
    """Check that nothing in a page comes from a name but text."""
    elements = Elements(text)
    names = [attribute for _, attributes in elements.found for attribute in attributes]
    assert [name for name in names if name.startswith("on") or name == "style"] == []
    scripts = [each for tag, each in elements.found if tag == "script"]
    data = [each for each in scripts if each.get("type") == "application/json"]
    assert all(str(each.get("src")).startswith("/static/") for each in scripts if each not in data)
    assert [tag for tag, _ in elements.found if tag == "style"] == []
    invisible = [c for c in elements.text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\n"]
    assert invisible == []


def test_the_page_of_a_hostile_picture_shows_its_name(page: Page) -> None:
    text = Elements(page.get("/asset/a9").text).text
    assert "zoo/⟨U+202E⟩gpj.\"'><img src=x onerror=alert(1)>⟨U+001B⟩[31m⟨U+2066⟩{{ 7 * 7 }}" in text
    assert "<b onmouseover=alert(1)>⟨U+202E⟩Guitar⟨U+200B⟩⟨U+0007⟩⟨U+2028⟩</b>" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Gitarre, ギター guitarra", "Gitarre, ギター guitarra"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
        ("\x00\x1b", "⟨U+0000⟩⟨U+001B⟩"),
        ("\u202ea\u2069", "⟨U+202E⟩a⟨U+2069⟩"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        (7, "7"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_code(text: object, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.iterdir()))
def test_no_template_turns_escaping_off(template: str) -> None:
    text = (TEMPLATES / template).read_text("utf-8")
    assert re.findall(r"\|\s*safe\b|autoescape|Markup|\son[a-z]+=|style=|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*(?:src=|type=\"application/json\"))", text) == []


def test_no_module_makes_markup() -> None:
    made = [
        path.name
        for path in PACKAGE.rglob("*.py")
        if re.search(r"import.*[Mm]arkup|Markup\(|__html__", path.read_text("utf-8"))
    ]
    assert made == []


@pytest.mark.parametrize("script", sorted(path.name for path in (PACKAGE / "static").glob("*.js")))
def test_no_script_makes_markup_of_a_text(script: str) -> None:
    text = (PACKAGE / "static" / script).read_text("utf-8")
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.cssText", text)
        == []
    )
