"""What the shared checks of the service go by, out of all facts, with the commands for this stack."""

from collections.abc import Callable

from autotag.domain.sentences.operations.readings import QueueSize, Readings
from autotag.domain.sentences.operations.result import Result, Unknown
from autotag_cli.doctor.facts import Facts

_DEAD = {
    "live_dead": "DeadLetterQueueUrl",
    "bulk_dead": "BulkDeadLetterQueueUrl",
    "export_dead": "ExportDeadLetterQueueUrl",
}
"""The stack's output with the address of each dead-letter queue."""


def of_service(check: Callable[[Readings], Result]) -> Callable[[Facts], Result]:
    """Return a check that the console makes as well, as one of the command."""
    return lambda facts: check(readings_of(facts))


def readings_of(facts: Facts) -> Readings:
    """Return what the checks of the service itself need."""
    asked = facts.questions
    questions = asked if isinstance(asked, Unknown) else QueueSize(asked.assets, asked.questions, asked.unindexed)
    return Readings(
        health=facts.health,
        questions=questions,
        redrive=_redrive(facts),
        resume_worker=_advice(facts),
        resume_poller="; ".join(each.fix for each in facts.stopped_work("poller")),
        option=facts.option,
        setup=facts.setup_command(),
        ages=facts.ages,
        accepted_for=_accepted_for(facts),
        last_result=_last_result(facts),
    )


def _redrive(facts: Facts) -> str:
    """Return the command that gives the messages of the first dead-letter queue that holds any to the worker again."""
    queues = facts.health_part("queues")
    full = [each for each in _DEAD if not isinstance(queues, Unknown) and sum(queues.get(each, {}).values())]
    url = facts.outputs.get(_DEAD[full[0]], "") if full else ""
    arn = f"$(aws sqs get-queue-attributes --queue-url {url} --attribute-names QueueArn"
    return f"aws sqs start-message-move-task --source-arn {arn} --query Attributes.QueueArn --output text)"


def _accepted_for(facts: Facts) -> float:
    """Return how many seconds ago the first notification in the log was accepted; 0.0 if there is none."""
    accepted = [] if isinstance(facts.log, Unknown) else [e.at for e in facts.log if e.message == "accepted"]
    return max(0.0, facts.now - min(accepted) / 1000) if accepted else 0.0


def _last_result(facts: Facts) -> str:
    """Return what Lambda says about its last attempt to take messages, "" if it says nothing."""
    result = "" if isinstance(facts.last_results, Unknown) else facts.last_results.get("live", "")
    return f"; Lambda's last result: {result}" if result else ""


def _advice(facts: Facts) -> str:
    """Return what resumes the worker, or else where to find out why it finishes no message."""
    if resume := "; ".join(each.fix for each in facts.stopped_work("worker")):
        return resume
    worker = facts.outputs.get("WorkerFunctionName", "WORKER")
    states = "'EventSourceMappings[].[EventSourceArn,State,StateTransitionReason,LastProcessingResult]'"
    return (
        "find out what stops the worker (docs/operations.md, QueueMessagesOld): its log, "
        f"""log Worker '?ERROR ?WARNING ?Runtime ?timeout ?"timed out"'; """
        f"its event sources, aws lambda list-event-source-mappings --function-name {worker} --query {states}; "
        "the account's concurrency, aws lambda get-account-settings --query AccountLimit"
    )
