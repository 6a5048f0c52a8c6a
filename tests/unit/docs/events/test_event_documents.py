"""docs/events: schemas and samples are those of the types and the code, and keep what version 1 promised."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from autotag.adapters.aws.eventbridge import EventBridge
from autotag.domain.model.audit import REPLAY_ONLY, Audit, AuditOutcome, DetailType, TagChange, detail_types, public
from tests.unit.docs.events.event_samples import samples
from tests.unit.docs.events.event_schemas import KINDS, event_schema, slug
from tests.unit.docs.events.regenerate import FOLDER, SAMPLES, SCHEMAS, documents

RECORDED = Path(__file__).resolve().parents[2] / "recorded"
AUDITS = [msgspec.json.decode(line, type=Audit) for line in (RECORDED / "audits.jsonl").read_bytes().splitlines()]
FIRST: dict[str, dict[str, Any]] = json.loads((RECORDED / "event_schemas_v1.json").read_text("utf-8"))
"""The schemas of the first release. Like the rest of ``recorded``, they are never written again."""
OUTCOMES: tuple[AuditOutcome, ...] = get_args(AuditOutcome)


def detail_validator(schema: dict[str, Any]) -> Draft202012Validator:
    """Return a validator of an event's detail alone."""
    return Draft202012Validator({"$defs": schema["$defs"], **schema["properties"]["detail"]})


class Sent:
    """Stands for the client of EventBridge, and keeps what is sent."""

    def __init__(self, audit: Audit) -> None:
        self.details: dict[str, Any] = {}
        EventBridge(self, "bus").announce(audit)

    def put_events(self, Entries: list[dict[str, str]]) -> dict[str, int]:
        self.details = {entry["DetailType"]: json.loads(entry["Detail"]) for entry in Entries}
        return {"FailedEntryCount": 0}


def test_schemas_and_samples_are_those_of_the_types_and_the_code() -> None:
    """After a change on purpose: ``make events``, then read the difference."""
    written = {path: path.read_text("utf-8") for folder in (SCHEMAS, SAMPLES) for path in sorted(folder.iterdir())}
    assert written == dict(documents())


def test_each_detail_type_has_a_schema_and_a_sample() -> None:
    assert {event_schema(kind)["title"] for kind in KINDS} == set(get_args(DetailType))
    assert {event["detail-type"] for event in samples().values()} == set(get_args(DetailType))
    assert len({event_schema(kind)["$id"] for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_of_the_dialect_that_it_names(kind: DetailType) -> None:
    schema = event_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("name", samples())
def test_a_sample_is_valid_for_its_detail_type_and_for_no_other(name: str) -> None:
    event = samples()[name]
    valid = {kind for kind in KINDS if Draft202012Validator(event_schema(kind)).is_valid(event)}
    assert valid == {event["detail-type"]}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("review", [(), ("Musician",)], ids=["asks-nothing", "asks"])
@pytest.mark.parametrize("number", range(len(AUDITS)))
def test_whatever_is_audited_is_announced_as_its_schema_says(
    number: int, outcome: AuditOutcome, review: tuple[str, ...]
) -> None:
    audit = AUDITS[number]
    audit = replace(audit, outcome=outcome, tags=replace(audit.tags, review=review))
    sent = Sent(audit).details
    assert set(sent) == set(detail_types(audit))
    for kind in KINDS:
        assert not [*detail_validator(event_schema(kind)).iter_errors(sent[kind])] if kind in sent else True


def test_a_record_that_is_too_large_for_an_event_is_cut_to_what_its_schema_allows() -> None:
    many = tuple(f"{number:0250d}" for number in range(1000))
    audit = replace(AUDITS[0], outcome="tagged", tags=TagChange(many, many, (), ("Musician",)))
    sent = Sent(audit).details
    assert len(public(audit)) > 240 * 1024
    for kind, detail in sent.items():
        assert detail["labels"] == [] and detail["tags"]["before"] == detail["tags"]["added"] == []
        (of,) = [each for each in KINDS if each == kind]
        assert detail_validator(event_schema(of)).is_valid(detail)


def test_no_event_has_a_field_that_only_a_replay_needs() -> None:
    for kind in KINDS:
        assert not set(REPLAY_ONLY) & set(event_schema(kind)["$defs"]["Audit"]["properties"])
    for event in samples().values():
        assert not set(REPLAY_ONLY) & set(event["detail"])


def broken(before: Any, now: Any, place: str = "") -> Iterator[str]:
    """Yield where a consumer of ``before`` may be wrong about an event of ``now``; more fields break nothing."""
    if not isinstance(before, dict) or not isinstance(now, dict):
        if before != now:
            yield f"{place}: {before!r} was promised, now {now!r}"
        return
    for key, promised in before.items():
        if key in ("title", "description", "examples"):
            continue
        if key not in now:
            yield f"{place}/{key}: was promised"
        elif key == "required":
            yield from (f"{place}: {field} was always there" for field in promised if field not in now[key])
        elif key == "enum":
            yield from (f"{place}: {word!r} is new" for word in now[key] if word not in promised)
        else:
            yield from broken(promised, now[key], f"{place}/{key}")
    if "properties" not in before and not place.endswith("properties"):  # such as a new limit to a value
        yield from (f"{place}/{key}: is new" for key in now if key not in before and not place.endswith("$defs"))


@pytest.mark.parametrize("kind", KINDS)
def test_version_1_keeps_what_it_promised(kind: DetailType) -> None:
    assert [*broken(FIRST[slug(kind)], event_schema(kind))] == []


@pytest.mark.parametrize("name", samples())
def test_a_consumer_that_validates_by_the_first_release_accepts_the_events_of_this_one(name: str) -> None:
    event = samples()[name]
    Draft202012Validator(FIRST[slug(event["detail-type"])]).validate(event)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda detail: detail["properties"].pop("reason"), "/properties/reason: was promised"),
        (lambda detail: detail["required"].remove("labels"), ": labels was always there"),
        (lambda detail: detail["properties"]["mode"]["enum"].append("shadow"), ": 'shadow' is new"),
        (lambda detail: detail["properties"]["engine"].update(type="integer"), "'string' was promised, now 'integer'"),
    ],
)
def test_a_broken_promise_is_found(change: Any, found: str) -> None:
    schema = json.loads(json.dumps(event_schema("Asset Tagged")))
    change(schema["$defs"]["Audit"])
    (fault,) = broken(FIRST["asset-tagged"], schema)
    assert found in fault


def test_more_fields_and_more_words_in_open_fields_break_no_promise() -> None:
    schema = json.loads(json.dumps(event_schema("Asset Tagged")))
    schema["$defs"]["Audit"]["properties"]["run"] = {"type": "string"}
    schema["$defs"]["Audit"]["required"].append("run")
    schema["$defs"]["Trigger"]["properties"]["kind"]["examples"].append("import")
    assert [*broken(FIRST["asset-tagged"], schema)] == []


def test_the_page_names_each_file() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    files = [path.relative_to(FOLDER) for path in FOLDER.rglob("*.json")]
    assert [str(path) for path in files if f"({path})" not in page] == []
