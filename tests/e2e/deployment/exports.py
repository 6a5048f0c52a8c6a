"""An export to the bucket, for the calls that it makes."""

from autotag.domain.model.exports import MANIFEST, folder_of
from autotag.service.exports.start import StartExport
from local.clients.functions import log_records
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, ops


def do_an_export(stack: Stack) -> None:
    """Export to the bucket, in several files, and have a message return that is none of an export."""
    request = StartExport("2026-11-29T08:00:00Z", 1, 2)
    ops(stack).start_export(request)
    sqs, queue = stack.client("sqs"), stack.outputs["ExportQueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="{}")
    manifest = f"{folder_of(stack.stack, request.at)}{MANIFEST}"

    def written() -> bool:
        found = stack.client("s3").list_objects_v2(Bucket=stack.outputs["ExportBucketName"], Prefix=manifest)
        return bool(found["KeyCount"])

    until(written, "the export", within=2 * SOON)

    def given_back() -> bool:
        return any(record.get("message") == "message_returned" for record in log_records(stack, "Export"))

    until(given_back, "the message to return", within=SOON)
    sqs.purge_queue(QueueUrl=queue)
