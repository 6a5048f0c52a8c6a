"""A tiny image through the whole chain: Cloudinary signs, the webhook accepts and queues, the worker decides."""

import base64
import secrets
from typing import NamedTuple

from autotag.domain.errors import Missing
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.transport.multipart import FilePart
from autotag_cli.errors import Failure
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.ops_client import OpsClient

FOLDER = "autotag-probe"
_EVERY = 0.5
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")


class ProbeResult(NamedTuple):
    """The result of a probe. ``decision_seconds`` None: the image never arrived at the service."""

    public_id: str
    asset_id: str
    upload_seconds: float
    decision_seconds: float | None
    status: str = ""


def probe(environment: Environment, client: CloudinaryClient, ops: OpsClient, *, within: float) -> ProbeResult:
    """Upload an image under a name of its own, wait until the service knows it, and destroy it in any case.

    ``within`` is in seconds. No add-on is requested, so it costs no unit. Raises what the clients raise.
    """
    public_id = f"{FOLDER}/{secrets.token_hex(8)}"
    started = environment.now()
    fields = {"public_id": public_id, "overwrite": "false"}
    answer = client.upload_api("image", "upload", fields, FilePart.of_bytes("probe.gif", PIXEL))
    uploaded = environment.now()
    try:
        asset_id = answer.get("asset_id")
        if not isinstance(asset_id, str):
            raise Failure("Cloudinary's answer to an upload names no asset_id")
        status = _wait_for_status(environment, ops, asset_id, uploaded + within)
    finally:
        client.upload_api("image", "destroy", {"public_id": public_id, "type": "upload"})
    return ProbeResult(
        public_id, asset_id, uploaded - started, environment.now() - uploaded if status else None, status
    )


def _wait_for_status(environment: Environment, ops: OpsClient, asset_id: str, deadline: float) -> str:
    while True:
        try:
            return str(ops.show(asset_id)["status"])
        except Missing:
            if environment.now() >= deadline:
                return ""
        environment.sleep(_EVERY)
