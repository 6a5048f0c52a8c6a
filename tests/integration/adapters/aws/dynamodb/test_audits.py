"""Audits and rules in the History table: written once, read back whole, in pages, and expired by DynamoDB."""

import random

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.domain.errors import Invalid, Retryable
from autotag.domain.model.audit import Audit, audit_id, iso, public
from autotag.domain.rules.versions import Published, StoredVersion
from autotag.domain.state.item_size import ITEM
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls
from tests.unit.domain.state.state_builders import T0, audit_of, claimed, complete, facts, state

DAY = 86400


@pytest.fixture
def history(aws: Aws) -> DynamoAuditLog:
    return DynamoAuditLog(aws.clients.dynamodb, aws.table("HistoryTable"), retention_days=30)


@pytest.fixture
def audit() -> Audit:
    known = state(complete({"Gitarre 🎸": 0.9, "Cat": 0.1}), facts=facts("press"), managed_tags={"Old": ("old",)})
    return audit_of(claimed(known))


def at(audit: Audit, time: int) -> Audit:
    return replace(audit, audit_id=audit_id("a1", time, "unique"), at=iso(time))


def test_a_record_comes_back_whole(history: DynamoAuditLog, audit: Audit) -> None:
    history.put(audit)
    assert history.get(audit.audit_id) == audit
    found = history.get(audit.audit_id)
    assert found is not None and public(found) == public(audit)


def test_what_was_never_written_is_nothing(history: DynamoAuditLog) -> None:
    assert history.get("a1.0000000000001.x") is None
    with pytest.raises(Invalid, match="audit_id"):
        history.get("nonsense")


def test_a_record_never_changes(history: DynamoAuditLog, audit: Audit) -> None:
    history.put(audit)
    history.put(replace(audit, outcome="failed", reason="another owner's end"))
    assert history.get(audit.audit_id) == audit


def test_a_record_expires_after_its_retention(aws: Aws, history: DynamoAuditLog, audit: Audit) -> None:
    history.put(at(audit, T0))
    item = aws.item("HistoryTable", {"pk": "ASSET#a1", "sk": f"AUDIT#{T0}.unique"})
    assert item is not None and item["expires_at"] == {"N": str(T0 // 1000 + 30 * DAY)}
    ttl = aws.clients.dynamodb.describe_time_to_live(TableName="HistoryTable")["TimeToLiveDescription"]
    assert ttl == {"AttributeName": "expires_at", "TimeToLiveStatus": "ENABLED"}


def test_an_item_holds_its_key_its_expiry_and_the_record_alone(aws: Aws, history: DynamoAuditLog, audit: Audit) -> None:
    history.put(audit)
    item = aws.item("HistoryTable", {"pk": "ASSET#a1", "sk": f"AUDIT#{audit.audit_id.partition('.')[2]}"})
    assert item is not None and item.keys() == {"pk", "sk", "v", "expires_at", "record"}
    assert len(item["record"]["B"]) < len(public(audit)) / 2


def test_an_asset_whose_name_is_not_known_is_audited_too(history: DynamoAuditLog, audit: Audit) -> None:
    hint = replace(audit, asset=replace(audit.asset, public_id=""))
    history.put(hint)
    assert history.get(audit.audit_id) == hint


def test_records_of_an_asset_come_youngest_first_in_pages(history: DynamoAuditLog, audit: Audit) -> None:
    records = [at(audit, T0 + i) for i in range(5)]
    for record in (*records, replace(audit, audit_id=audit_id("a10", T0 + 9, "other"))):
        history.put(record)
    first = history.of_asset("a1", 2)
    second = history.of_asset("a1", 2, before=first[-1].audit_id)
    third = history.of_asset("a1", 2, before=second[-1].audit_id)
    assert [*first, *second, *third] == records[::-1]
    assert history.of_asset("a1", 2, before=third[-1].audit_id) == []
    assert history.of_asset("nobody", 10) == []


def test_as_many_records_are_read_as_asked_for_though_dynamodb_answers_a_megabyte_at_a_time(
    aws: Aws, history: DynamoAuditLog, audit: Audit
) -> None:
    chance = random.Random(1)
    before = tuple("".join(map(chr, chance.choices(range(0x4E00, 0x9E00), k=200))) for _ in range(100))
    records = [replace(at(audit, T0 + i), tags=replace(audit.tags, before=before)) for i in range(60)]
    for record in records:
        history.put(record)
    with recorded_calls(aws.clients.dynamodb, "Query") as queries:
        assert history.of_asset("a1", 50) == records[:9:-1]
    assert len(queries) > 1
    assert history.of_asset("a1", 50, before=records[10].audit_id) == records[9::-1]


@pytest.mark.parametrize("before", ["nonsense", "a2.0000000000001.x"])
def test_a_page_begins_behind_a_record_of_the_same_asset(history: DynamoAuditLog, before: str) -> None:
    with pytest.raises(Invalid):
        history.of_asset("a1", 10, before=before)


def test_a_record_that_cannot_be_read_is_named(aws: Aws, history: DynamoAuditLog, audit: Audit) -> None:
    history.put(audit)
    key = {"pk": {"S": "ASSET#a1"}, "sk": {"S": f"AUDIT#{audit.audit_id.partition('.')[2]}"}}
    for broken in (b"not compressed", b"", b"x\x9c\xab\xae\x05\x00\x01u\x00\xf9"):
        aws.clients.dynamodb.update_item(
            TableName="HistoryTable",
            Key=key,
            UpdateExpression="SET #record = :broken",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":broken": {"B": broken}},
        )
        with pytest.raises(Invalid, match=audit.audit_id):
            history.get(audit.audit_id)


def test_a_rules_text_is_stored_once(history: DynamoAuditLog) -> None:
    acme = StoredVersion('# Bühne 🎸\nname = "acme"\n')
    history.remember_rules("v1", acme)
    history.remember_rules("v1", StoredVersion("something else"))
    assert history.stored_rules("v1") == acme
    assert history.stored_rules("v2") is None


def test_a_version_keeps_the_labels_of_the_categories_that_it_names(history: DynamoAuditLog) -> None:
    acme = StoredVersion("the text", {"Animals and Pets": ("dog", "koala"), "Empty": ()})
    history.remember_rules("v1", acme)
    assert history.stored_rules("v1") == acme


def test_pushes_are_recorded_once_and_read_the_newest_first(history: DynamoAuditLog) -> None:
    pushes = [Published(f"{n:064x}", n, f"person {n}", 1_791_460_800_000 + n, name="acme") for n in range(1, 12)]
    for push in pushes:
        history.remember_push(push)
    history.remember_push(replace(pushes[0], pushed_by="another"))
    assert history.pushes(3, before=11) == [pushes[9], pushes[8], pushes[7]]
    assert history.pushes(100, before=3) == [pushes[1], pushes[0]]
    assert history.pushes(5, before=1) == []


def test_a_damaged_record_of_a_push_is_told(aws: Aws, history: DynamoAuditLog) -> None:
    item = {"pk": {"S": "RULES#PUSHES"}, "sk": {"S": f"PUSH#{7:012d}"}, "seq": {"S": "seven"}}
    aws.clients.dynamodb.put_item(TableName="HistoryTable", Item=item)
    with pytest.raises(Invalid, match="PUSH#000000000007: the record of this push cannot be read"):
        history.pushes(5, before=9)


def test_a_table_that_does_not_answer_makes_the_message_come_again(
    aws: Aws, history: DynamoAuditLog, audit: Audit
) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        for operation in ("put_item", "get_item", "query"):
            stub.add_client_error(operation, "ThrottlingException")
        for call in (
            lambda: history.put(audit),
            lambda: history.get(audit.audit_id),
            lambda: history.of_asset("a1", 1),
        ):
            with pytest.raises(Retryable, match="ThrottlingException"):
                call()


def test_a_record_that_does_not_fit_goes_without_the_tags_that_were_there_before(
    history: DynamoAuditLog, audit: Audit
) -> None:
    chance = random.Random(1)
    before = tuple("".join(map(chr, chance.choices(range(0x4E00, 0x9E00), k=240))) for _ in range(1000))
    history.put(replace(audit, tags=replace(audit.tags, before=before)))
    assert sum(len(tag.encode()) for tag in before) > ITEM
    found = history.get(audit.audit_id)
    assert found == replace(audit, tags=replace(audit.tags, before=()))
