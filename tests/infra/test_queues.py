"""No message is lost on its way, and none travels or rests in the clear."""

import pytest

from tests.infra.cloudformation_template import QUEUES, Template, arn, ref

DAY = 86400


@pytest.mark.parametrize(("queue", "dead"), QUEUES.items())
def test_each_queue_has_a_dead_letter_queue_of_its_own(template: Template, queue: str, dead: str) -> None:
    assert template.properties(queue)["RedrivePolicy"] == {
        "deadLetterTargetArn": arn(dead),
        "maxReceiveCount": 15,  # what that means for an outage: tests/unit/handlers/worker/test_worker_outage.py
    }


@pytest.mark.parametrize(("queue", "dead"), QUEUES.items())
def test_messages_are_kept_as_long_as_sqs_can_keep_them(template: Template, queue: str, dead: str) -> None:
    # a dead letter's time counts from the first send, so an alarm rings before a message spends half of it in the queue
    assert [template.properties(each)["MessageRetentionPeriod"] for each in (queue, dead)] == [14 * DAY, 14 * DAY]


def test_there_are_no_other_queues(template: Template) -> None:
    assert set(template.of_type("AWS::SQS::Queue")) == {*QUEUES, *QUEUES.values()}


@pytest.mark.parametrize("name", [*QUEUES, *QUEUES.values()])
def test_queues_are_encrypted_and_refuse_plain_http(template: Template, name: str) -> None:
    assert template.properties(name)["SqsManagedSseEnabled"] is True
    policies = [
        policy for policy in template.of_type("AWS::SQS::QueuePolicy").values() if policy["Queues"] == [ref(name)]
    ]
    ((statement,),) = [policy["PolicyDocument"]["Statement"] for policy in policies]
    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == "*"
    assert statement["Action"] == "sqs:*"
    assert statement["Resource"] == arn(name)
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_nobody_outside_the_account_is_let_near_a_queue(template: Template) -> None:
    statements = [
        statement
        for policy in template.of_type("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert {statement["Effect"] for statement in statements} == {"Deny"}


@pytest.mark.parametrize("queue", QUEUES)
def test_a_message_stays_hidden_for_six_timeouts_of_the_worker(template: Template, queue: str) -> None:
    timeout = template.properties("WorkerFunction")["Timeout"]
    assert template.properties(queue)["VisibilityTimeout"] >= 6 * timeout


@pytest.mark.parametrize(
    ("queue", "limit", "preset", "batch"),
    [
        ("Queue", "WorkerConcurrency", "WorkersAsPreset", 10),
        ("BulkQueue", "BulkConcurrency", "BulkWorkersAsPreset", 1),  # a bulk message is a group of assets
    ],
)
def test_the_worker_takes_batches_reports_single_failures_and_is_limited(
    template: Template, queue: str, limit: str, preset: str, batch: int
) -> None:
    mappings = template.of_type("AWS::Lambda::EventSourceMapping").values()
    (mapping,) = [each for each in mappings if each["EventSourceArn"] == arn(queue)]
    assert mapping["FunctionName"] == ref("WorkerFunction")
    assert mapping["BatchSize"] == batch
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    default = template.document["Parameters"][limit]["Default"]
    assert template.document["Conditions"][preset] == {"Fn::Equals": [ref(limit), str(default)]}
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": {"Fn::If": [preset, default, ref(limit)]}}


def test_nothing_else_feeds_a_function_from_a_queue(template: Template) -> None:
    assert len(template.of_type("AWS::Lambda::EventSourceMapping")) == len(QUEUES)
