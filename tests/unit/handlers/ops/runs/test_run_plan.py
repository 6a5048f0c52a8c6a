"""A plan of a run: what would change, page by page, with nothing changed."""

from typing import Any
from zlib import crc32

from autotag.domain.runs.run import SEGMENTS
from autotag.service.worker import handle
from tests.fakes.runtime import START
from tests.fakes.samples import resource, upload
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.runs.run_requests import STRICT, tags


def plan(ops: Ops, **asked: Any) -> dict[str, tuple[list[str], list[str]]]:
    """Return what a run would change, by asset, from every segment."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for segment in range(SEGMENTS):
        cursor = ""
        while cursor is not None:
            body = {"op": "run_plan", "action": "retag", "segment": segment, "cursor": cursor, "limit": 1, **asked}
            status, page = ops.ask(body)
            assert status == 200, page
            found |= {each["asset"]["asset_id"]: (each["add"], each["remove"]) for each in page["assets"]}
            cursor = page["cursor"]
    return found


def test_a_page_of_a_plan_fits_into_lambdas_answer_and_no_asset_is_left_out() -> None:
    ops = Ops()
    names = [name for name in (f"a{n}" for n in range(100)) if crc32(name.encode()) % SEGMENTS == 0][:16]
    for name in names:
        body = resource(name, {f'label "{n}" {"x" * 200}': 0.95 for n in range(1000)})
        ops.fakes.cloudinary.assets[name] = body
        handle(ops.fakes.deps, upload(body, digest=name), ops.fakes.remaining)
    prefixed = '[defaults]\nprefix = "ai-"\n'
    ops.rule_store.push(prefixed)
    ops.fakes.rules.use(prefixed, 1)

    pages: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        status, page = ops.ask({"op": "run_plan", "action": "retag", "cursor": cursor, "limit": 28})
        assert status == 200 and page["seen"] == len(page["assets"])
        assert all(len(each["add"]) == len(each["remove"]) == 1000 for each in page["assets"])
        pages.append([each["asset"]["asset_id"] for each in page["assets"]])
        cursor = page["cursor"]
    assert [len(page) for page in pages] == [7, 9]  # 28, halved until they fit
    assert sorted(name for page in pages for name in page) == sorted(names)


def test_a_plan_tells_page_by_page_what_would_change_and_changes_nothing(ops: Ops) -> None:
    before, effects = tags(ops), ops.fakes.effects.done
    assert plan(ops) == {f"a{n}": (["crowd"], ["Guitar", "People"]) for n in range(5)}
    assert plan(ops, filter={"assets": ["a3", "stage/a1"]}).keys() == {"a1", "a3"}
    assert plan(ops, action="revert") == {f"a{n}": ([], ["Guitar", "People"]) for n in range(5)}
    assert (tags(ops), ops.fakes.effects.done) == (before, effects)
    assert ops.ask({"op": "run_list"}) == (200, {"runs": []})


def test_a_plan_says_how_many_it_looked_at_and_whom_a_person_would_be_asked_about(ops: Ops) -> None:
    rules = "[defaults]\nthreshold = 0.9\nreview = 0.5\n"
    ops.rule_store.push(rules)
    ops.fakes.rules.use(rules, 2)
    pages = [ops.ask({"op": "run_plan", "action": "retag", "segment": segment})[1] for segment in range(SEGMENTS)]
    assert sum(page["seen"] for page in pages) == 5
    assert [each["review"] for page in pages for each in page["assets"]] == [["Guitar", "Musician"]] * 5


def test_rules_that_cannot_be_had_yet_delay_a_plan_and_nothing_is_decided_by_older_ones(ops: Ops) -> None:
    ops.fakes.rules.use(STRICT, 0)
    status, answer = ops.ask({"op": "run_plan", "action": "retag"})
    assert status == 503 and "only 0 can be loaded" in answer["error"]["message"]


def test_times_of_a_filter_are_milliseconds_of_the_last_decision(ops: Ops) -> None:
    assert plan(ops, filter={"until": START - 1}) == {}
    assert len(plan(ops, filter={"since": START, "until": START + 3_600_000})) == 5
