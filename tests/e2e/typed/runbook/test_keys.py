"""The secret: a key is rotated without a refused notification and withdrawn; refused credentials are explained."""

import json
import math
import time

from local.clients.simulator_control import add_fault, simulator_control
from local.core.credentials import CLOUD_NAME, NOTIFICATION_KEY, WRITER_KEY, WRITER_SECRET
from local.core.waiting import until
from tests.e2e.setup_commands import secret
from tests.e2e.stack_client import wait_for_audits
from tests.e2e.typed.runbook.reader import SOON, Reader
from tests.e2e.typed.runbook.test_alarms_and_work import UPLOAD, logged

REJECTED = "log Webhook '{ $.message = \"rejected\" }' 1200"
OLD = {"OLD_KEY": NOTIFICATION_KEY}


def test_a_rotation_ends_with_the_new_key_alone_and_refuses_no_notification(reader: Reader) -> None:
    before = len(logged(reader, "Webhook", "rejected"))
    new = f"cloudinary://{WRITER_KEY}:{WRITER_SECRET}@{CLOUD_NAME}?upload_prefix={reader.stack.simulator_url}"
    reader.besides(f"export CLOUDINARY_URL='{new}'")
    reader.type("autotag setup --no-probe")
    both = secret(reader.stack)
    assert both["api_key"] == WRITER_KEY and both["notification_secrets"].keys() == {NOTIFICATION_KEY, WRITER_KEY}
    assert len(logged(reader, "Webhook", "rejected")) - before < 10, "setup itself rings WebhookRejections"

    five_minutes_later(reader)
    since = time.time()
    simulator_control(reader.stack, "PUT", "settings", json={"signing_key": WRITER_KEY})  # as the Console dedicates it
    reader.type("autotag setup --withdraw OLD_KEY", OLD)
    assert secret(reader.stack)["notification_secrets"].keys() == {WRITER_KEY}
    assert '"rejected"' not in reader.type(REJECTED, {"1200": str(math.ceil(time.time() - since))})
    assert "gone already" in reader.type("autotag setup --withdraw OLD_KEY", OLD)


def test_a_step_of_a_rotation_is_taken_back_by_the_previous_version(reader: Reader) -> None:
    now = secret(reader.stack)
    listed = json.loads(reader.type("aws secretsmanager list-secret-version-ids"))["Versions"]
    ids = {stage: each["VersionId"] for each in listed for stage in each["VersionStages"]}
    new, old = ids["AWSCURRENT"], ids["AWSPREVIOUS"]
    change = "aws secretsmanager update-secret-version-stage"
    reader.type(change, {"id OLD": f"id {old}", "id NEW": f"id {new}"})
    assert NOTIFICATION_KEY in str(secret(reader.stack)) and secret(reader.stack) != now
    reader.type(change, {"id OLD": f"id {new}", "id NEW": f"id {old}"})
    assert secret(reader.stack) == now


def test_refused_credentials_are_explained_by_what_cloudinary_said(reader: Reader) -> None:
    body = {"error": {"message": "Invalid api_key"}}
    fault = add_fault(reader.stack, {"path": "*/tags", "method": "POST"}, {"status": 401, "body": body})
    reader.besides(UPLOAD + "refused")
    breaker = json.loads(reader.type_until("aws dynamodb get-item", bool))
    assert "Invalid api_key" in json.dumps(breaker["Item"])
    until(lambda: logged(reader, "Worker", "credentials_refused"), "the log to name it", within=SOON)
    simulator_control(reader.stack, "DELETE", f"faults/{fault}")

    table = reader.besides("of StateTable").strip()  # five minutes later the breaker lets a call through
    reader.client("dynamodb").delete_item(TableName=table, Key={"pk": breaker["Item"]["pk"]})
    assert wait_for_audits(reader.stack, "refused", within=90)[0]["outcome"] == "tagged"


def five_minutes_later(reader: Reader) -> None:
    """Have every function read the secret again, as it does after five minutes: a changed function starts anew."""
    for name in ("WebhookFunction", "WorkerFunction", "PollerFunction"):
        function = reader.besides(f"of {name}").strip()
        reader.client("lambda").update_function_configuration(FunctionName=function, Description="starts anew")
