"""Releases and settings: what is deployed changes, and everything else stays; a wrong release is taken back."""

import json
import re
from collections.abc import Iterator

import pytest

from local.clients.simulator_control import detect_calls
from tests.e2e.setup_commands import triggers
from tests.e2e.stack_client import wait_for_audits
from tests.e2e.typed.runbook.reader import Reader
from tests.e2e.typed.runbook.test_alarms_and_work import LOOKS, UPLOAD
from tests.e2e.typed.runbook.test_runs import minutes_pass

COMMIT = "git -c user.name=autotag -c user.email=autotag@example.com commit --quiet --message release src"


@pytest.fixture
def releases(reader: Reader) -> Iterator[str]:
    """Publish a new release upstream; return the tag of the one that is deployed."""
    upgrade = re.search(r"git checkout (v\S+)", "\n".join(reader.lines))
    assert upgrade
    for line in (
        "git clone --quiet --bare . ../upstream.git && git remote set-url origin ../upstream.git",
        "git tag --force v0.0.1 && echo '# a release' >> src/autotag/__init__.py",
        f"{COMMIT} && git tag --force {upgrade[1]} && git push --quiet --force origin {upgrade[1]}",
        f"git tag --delete {upgrade[1]} && git reset --quiet --keep v0.0.1",
    ):
        reader.besides(line)
    yield "v0.0.1"
    reader.besides("git checkout --quiet v0.0.1")


def parameters(reader: Reader) -> dict[str, str]:
    """Return the stack's parameters."""
    (stack,) = reader.client("cloudformation").describe_stacks(StackName="autotag")["Stacks"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}


def code_of_the_worker(reader: Reader) -> str:
    """Return the digest of the deployed package."""
    found = reader.client("lambda").get_function(FunctionName=reader.besides("of WorkerFunction").strip())
    return str(found["Configuration"]["CodeSha256"])


def test_a_release_is_deployed_and_taken_back(reader: Reader, releases: str) -> None:
    before = code_of_the_worker(reader)
    reader.type("git fetch --tags")
    reader.type("make install")
    reader.type("sam build && sam deploy", asks=1)
    reader.type("autotag setup")
    reader.type("autotag doctor")
    assert code_of_the_worker(reader) != before

    reader.type("git checkout TAG", {"TAG": releases})
    reader.type("autotag rules active --text > active.toml")
    assert "valid" in reader.type("autotag rules check active.toml")
    reader.type("sam build && sam deploy", asks=1)
    reader.type("autotag doctor")
    assert code_of_the_worker(reader) == before
    assert wait_for_audits(reader.stack, "on-stage")


def test_what_a_deployment_did_is_shown_and_a_complete_one_has_nothing_to_continue(reader: Reader) -> None:
    events = json.loads(reader.type("aws cloudformation describe-stack-events"))["StackEvents"]
    assert "UPDATE_COMPLETE" in {each["ResourceStatus"] for each in events}
    refused = reader.type("aws cloudformation continue-update-rollback", code=255)
    assert "UPDATE_COMPLETE" in refused or "current stack status" in refused


def test_a_setting_is_changed_and_all_others_are_kept(reader: Reader) -> None:
    before = parameters(reader)
    reader.type('make deploy SET="LogLevel', asks=1)
    assert parameters(reader) == before | {"LogLevel": "WARNING", "LogRetentionDays": "90"}


def test_the_workers_that_an_earlier_release_preset_become_five(reader: Reader) -> None:
    reader.besides("sam deploy --no-confirm-changeset --parameter-overrides WorkerConcurrency=10")
    assert parameters(reader)["WorkerConcurrency"] == "10"
    reader.type("make deploy SET=WorkerConcurrency=5", asks=1)
    assert parameters(reader)["WorkerConcurrency"] == "5"


def test_another_profile_makes_a_stack_of_its_own_with_its_values(reader: Reader) -> None:
    reader.type("make deploy ENV=production", asks=1)
    there = "--stack-name autotag-production --region eu-west-1"
    described = json.loads(reader.besides(f"aws cloudformation describe-stacks {there} --query 'Stacks[0].Parameters'"))
    values = {each["ParameterKey"]: each["ParameterValue"] for each in described}
    chosen = {"DeletionProtection": "true", "LogRetentionDays": "90", "LogLevel": "WARNING"}
    assert chosen.items() <= values.items()
    reader.besides(f"sam delete --no-prompts {there}")


@pytest.mark.parametrize(("way", "schemes"), [("both", {"http", "poll"}), ("poll", {"poll"})])
def test_notifications_come_the_other_way_after_intake_is_changed_in_the_order_of_the_page(
    reader: Reader, way: str, schemes: set[str]
) -> None:
    reader.type(f"make deploy SET=Intake={way}", asks=1)
    reader.type("autotag setup")
    assert {each["uri"].partition(":")[0] for each in triggers(reader.stack)["triggers"]} == schemes
    reader.besides(f"{UPLOAD}by-{way}")
    assert wait_for_audits(reader.stack, f"by-{way}", within=150)[0]["outcome"] == "tagged"


def test_exports_are_turned_on_and_their_bucket_is_found(reader: Reader) -> None:
    reader.type("make deploy SET=Export=on", asks=1)
    assert "exportbucket" in reader.type("of ExportBucket").lower()
    assert reader.type("of ExportBucketTlsOnly") and reader.type("of ExportLogGroup").startswith("/")


def is_done(printed: str) -> bool:
    """Return whether a command shows a run that is done, in calls of Rekognition."""
    return bool(re.search(r"^status +done", printed, re.MULTILINE)) and "calls of" in " ".join(printed.split())


def test_rekognition_is_turned_on_asked_within_its_units_and_its_labels_are_shown(reader: Reader) -> None:
    reader.type('make deploy SET="Rekognition=url DetectPerDay=1000"', asks=1)
    reader.besides("autotag rules active --text > before.toml")
    (reader.user.terminal.folder / "rules.toml").write_text('[defaults]\nproviders = ["rekognition"]\n', "utf-8")
    reader.type("autotag rules push rules.toml")
    reader.type_until("autotag rules active", lambda printed: "in use" in printed)
    # again and again, since functions that were warm at the deploy know nothing of it on the emulator; therefore that
    # it is asked in the end is tested in e2e/detection
    with minutes_pass(reader):
        reader.type_until("autotag backfill --detect --dry-run", is_done, code=None)
        assert not detect_calls(reader.stack)
        reader.type_until("autotag backfill --detect --max-units 5000", is_done, code=None, asks=1)
    label = json.loads(reader.besides("autotag labels --stored --json"))["labels"][0]["label"]
    assert label in reader.type("autotag labels --stored") and label in reader.type("autotag stats --top 1000")
    reader.besides("autotag rules push before.toml")


def test_what_the_alarms_of_the_intake_function_ask_for_is_shown(reader: Reader) -> None:
    assert reader.type("of IntakeLogGroup").strip().startswith("/")
    for look in LOOKS:
        if look.startswith("log Intake"):
            reader.type(look)
    rule = 'rule --name "$(of IntakeFunctionEveryMinute)"'
    assert json.loads(reader.type(f"aws events describe-{rule}"))["State"] == "ENABLED"
    reader.type(f"aws events enable-{rule}")
