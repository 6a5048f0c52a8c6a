"""README's deployment and docs/tutorial.md, typed line by line in a fresh clone of the last commit."""

import re

from tests.e2e.typed.conftest import NewUser
from tests.e2e.typed.documented import section, steps

SURE = "People, Person, Human, Electric Guitar, Guitar, Musical Instrument"
BY_RULES = "people, person, electric guitar, guitar, musical instrument, musician"


def printed(user: NewUser, line: str) -> str:
    """Return what the first line that begins with ``line`` has printed."""
    return next(typed.printed for typed in user.terminal.transcript if typed.line.startswith(line))


def test_the_readme_as_typed_ends_with_a_tagged_asset_that_is_explained(new_user: NewUser) -> None:
    audit = printed(new_user, "autotag audits guitarist")
    assert f"autotag added {in_words(SURE)} under the rules" in " ".join(audit.split())
    assert "Musician is no tag because its confidence 0.5754 is below the 0.70" in " ".join(audit.split())


def test_doctor_finds_no_fault_after_the_readme(new_user: NewUser) -> None:
    """It warns of one thing: the account has a single key, which calls the API and signs notifications."""
    states = re.findall(r"^(ok|warn|fail) +(\S+(?: \S+)*?)  ", printed(new_user, "autotag doctor"), re.MULTILINE)
    assert len(states) > 20
    assert [line for line in states if line[0] != "ok"] == [("warn", "key use")]


def test_a_deployment_asks_only_whether_to_apply_the_changes_that_it_shows(new_user: NewUser) -> None:
    asked = {typed.line: typed.questions for typed in new_user.terminal.transcript if typed.questions}
    (questions,) = [found for line, found in asked.items() if line.startswith("sam build && sam deploy")]
    assert questions == ("Deploy this changeset? [y/N]:",)


def test_the_tutorial_as_typed_changes_a_rule_keeps_a_persons_change_and_goes_back(new_user: NewUser) -> None:
    for step in steps(section("docs/tutorial.md", "1. Decide without any account")):
        new_user.follow(step)
    for heading in ("3. Write rules", "4. See what it would change", "5. Publish the rules"):
        last = [new_user.follow(step) for step in steps(section("docs/tutorial.md", heading))][-1]
    assert last and f"autotag added {in_words(BY_RULES)}, and removed" in " ".join(last.printed.split())

    overruled = [new_user.follow(step) for step in steps(section("docs/tutorial.md", "6. Overrule it by hand"))][-1]
    assert overruled and tags(overruled.printed) == sorted(set(BY_RULES.split(", ")) - {"musician"})

    reverted, *removed = [new_user.follow(step) for step in steps(section("docs/tutorial.md", "7. Go back"))][1:]
    assert reverted and tags(reverted.printed) == ["none"]
    assert removed[-1] and "Deleted successfully" in removed[-1].printed


def in_words(tags: str) -> str:
    """Return a list of tags as a sentence names them."""
    return " and ".join(tags.rsplit(", ", 1))


def tags(resource: str) -> list[str]:
    """Return the tags that ``autotag resource`` printed."""
    found = re.search(r"^tags +(.*?) *$", resource, re.MULTILINE)
    assert found
    return found[1].split(", ")
