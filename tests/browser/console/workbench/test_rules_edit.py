"""The editor of the rules in a real browser: faults on their lines while typing, completion and push by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from autotag.service.rules.publish import PushRules, ShowRules
from local.core.waiting import until
from tests.browser.axe import axe_findings
from tests.browser.conftest import NewPage, keep
from tests.browser.console.service import Service
from tests.browser.console.serving import Console
from tests.browser.page_faults import PageFaults

RULES = 'name = "acme"\n\n[defaults]\nthreshold = 0.7 # as agreed\n\n[labels."Electric Guitar"]\nthreshold = 0.6\n'
THEIRS = RULES.replace("0.7 #", "0.8 #")
CHECKED = """
  window.checks = [];
  document.addEventListener("rules:checked", ({ detail }) => window.checks.push(detail));
"""


@pytest.fixture
def rules(service: Service) -> Service:
    """A stack with rules that were pushed."""
    service.ask_as("arn:aws:iam::123456789012:user/ada")(PushRules(RULES))
    return service


def text_of(page: Page) -> str:
    return page.locator("#text").input_value()


def put_caret(page: Page, behind: str) -> None:
    """Put the caret behind a piece of the text."""
    page.locator("#text").focus()
    page.evaluate(
        """(behind) => {
          const field = document.getElementById("text");
          const at = field.value.indexOf(behind) + behind.length;
          field.setSelectionRange(at, at);
        }""",
        behind,
    )


def caret_line(page: Page) -> int:
    found: int = page.evaluate(
        """() => {
          const field = document.getElementById("text");
          return field.value.slice(0, field.selectionStart).split("\\n").length;
        }"""
    )
    return found


def test_faults_stand_on_their_lines_and_f8_goes_to_them(
    page: Page, rules: Service, console: Console, page_faults: PageFaults
) -> None:
    page_faults.expect("confirm.*400|400.*confirm")
    page.add_init_script(CHECKED)
    console.open(page, "/rules/edit")
    expect(page.locator("#verdict")).to_contain_text("Valid: rules acme")
    page.wait_for_function("() => window.checks.length")  # the verdict is there before the script is
    assert page.evaluate("window.checks") == [{"text": RULES, "valid": True}]
    put_caret(page, "as agreed")
    page.keyboard.type("\nthresold = 0.5\n# é🎸\nmax_tags = 5000")
    expect(page.locator("#gutter mark")).to_have_text(["✗ 5", "✗ 7"])
    expect(page.locator(".fault").first).to_contain_text("did you mean threshold?")
    assert page.evaluate("window.checks.at(-1)") == {"text": text_of(page), "valid": False}
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    assert caret_line(page) == 5
    expect(page.locator("#said")).to_contain_text("Line 5: defaults.thresold")
    page.keyboard.press("F8")
    assert caret_line(page) == 7
    keep(page, "rules-edit-faults")
    page.keyboard.press("Shift+F8")
    assert caret_line(page) == 5
    page.get_by_role("button", name="Line 7").click()
    assert caret_line(page) == 7 and page.evaluate("document.activeElement.id") == "text"
    page.get_by_role("button", name="Continue to push").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the rules")  # with the faults, not to the push
    assert axe_findings(page) == []


def test_keys_labels_and_values_are_completed_by_keyboard_and_tab_leaves_the_field(
    page: Page, rules: Service, console: Console
) -> None:
    console.open(page, "/rules/edit")
    put_caret(page, RULES)
    page.keyboard.type("[labels.Dog]\nthr")
    options = page.locator("#options [role=option]")
    expect(options.first).to_contain_text("threshold")
    page.keyboard.press("ArrowDown")
    keep(page, "rules-edit-options")
    assert page.locator("#text").get_attribute("aria-activedescendant") == "option-0"
    page.keyboard.press("Enter")
    page.keyboard.type("0.5\n\n[labels.")
    page.keyboard.press("Control+ ")
    expect(options).to_have_text(["Electric Guitar"])
    page.keyboard.press("Escape")
    expect(page.locator("#options")).to_be_hidden()
    page.keyboard.press("Control+ ")
    expect(options).to_have_count(1)
    page.keyboard.press("Tab")
    assert text_of(page) == f'{RULES}[labels.Dog]\nthreshold = 0.5\n\n[labels."Electric Guitar"]'
    page.keyboard.press("Control+z")
    assert text_of(page).endswith("[labels.")
    page.keyboard.type("x")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "text"


def test_a_push_shows_its_difference_and_never_overwrites_a_colleague(
    page: Page, rules: Service, console: Console, page_faults: PageFaults
) -> None:
    page_faults.expect("push.*409|409.*push")
    console.open(page, "/rules")
    page.get_by_role("link", name="Edit").click()
    put_caret(page, "threshold = 0.6")
    page.keyboard.type("5")
    page.get_by_role("button", name="Continue to push").click()
    expect(page.locator(".diff tr.removed")).to_have_text("7- removedthreshold = 0.6")
    expect(page.locator(".diff tr.added")).to_have_text("7+ addedthreshold = 0.65")
    keep(page, "rules-confirm")
    rules.ask_as("arn:aws:iam::123456789012:user/bob")(PushRules(THEIRS, 1))
    page.get_by_role("button", name="Push").click()
    expect(page.locator("#conflict")).to_contain_text("user/bob pushed rules acme, number 2")
    expect(page.locator(".diff tr.removed")).to_have_count(2)
    keep(page, "rules-conflict")
    assert axe_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    keep(page, "rules-conflict-320")
    page.get_by_role("button", name="Push in place of theirs").click()
    expect(page.locator("#pushed")).to_contain_text("Number 3 is active")
    assert b"threshold = 0.65" in rules.ask_as("ada")(ShowRules(text=True))
    page.get_by_role("link", name="Versions").click()
    expect(page.locator(".push")).to_have_count(3)
    assert axe_findings(page) == []
    keep(page, "rules-versions-320")


def test_others_put_a_text_in_and_the_caret_stays(page: Page, rules: Service, console: Console) -> None:
    page.add_init_script(CHECKED)
    console.open(page, "/rules/edit")
    put_caret(page, "[labels.")
    text = RULES.replace("0.7 #", "0.75 #")
    page.evaluate(
        "(text) => document.dispatchEvent(new CustomEvent('rules:set', { detail: { text } }))",
        text,
    )
    assert text_of(page) == text and caret_line(page) == 6
    checked = "window.checks.some(({ text, valid }) => valid && text.includes('0.75'))"
    until(lambda: page.evaluate(checked), "the text to be checked", within=10, every=0.05)


@pytest.mark.parametrize("color", ["light", "dark"])
def test_the_page_is_accessible_also_at_320_pixels(page: Page, rules: Service, console: Console, color: str) -> None:
    page.emulate_media(color_scheme="dark" if color == "dark" else "light")
    console.open(page, "/rules/edit?label=Dog&threshold=0.55")
    expect(page.locator("#note")).to_contain_text("the threshold of Dog is 0.55")
    keep(page, f"rules-edit-{color}")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    keep(page, f"rules-edit-{color}-320")
    assert axe_findings(page) == []


def test_everything_works_without_scripts(new_page: NewPage, rules: Service, console: Console) -> None:
    page = new_page(java_script_enabled=False)
    console.open(page, "/rules/edit")
    page.locator("#text").fill(RULES.replace("threshold = 0.6", "thresold = 0.6"))
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".fault")).to_contain_text("Line 7 Fault:")
    page.locator("#text").fill(RULES.replace("threshold = 0.6", "threshold = 0.65"))
    page.get_by_role("button", name="Continue to push").click()
    page.get_by_role("button", name="Back to the editor").click()
    page.get_by_role("button", name="Continue to push").click()
    page.get_by_role("button", name="Push").click()
    expect(page.locator("#pushed")).to_contain_text("Number 2 is active")
