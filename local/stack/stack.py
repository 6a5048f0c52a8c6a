"""A local stack: it is created, described and stopped here."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

import msgspec

from autotag.domain.model.conversion import decoder
from local.core.aws_clients import REGION, aws_client
from local.core.credentials import CLOUD_NAME, WRITER_KEY, WRITER_SECRET
from local.core.locking import locked
from local.core.paths import clean_environment
from local.core.ports import free_port
from local.core.processes import Daemon
from local.stack import sam, services
from local.stack.deployment import give_limits_as_numbers, put_secret, read_outputs
from local.stack.triggers import create_triggers

NAME: Final = "autotag"

QUICK: Final = {"PollFirstDelaySeconds": "15", "Export": "on"}
"""Template parameters of local runs: every part of the stack is there. The first poll must come soon, but after a
notification that takes a few seconds, on a busy machine too."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Stack:
    """The addresses of one local stack; ``stack.json`` in its run folder holds the same.

    ``outputs`` are the template's, with Function URLs in their loopback form.
    """

    endpoint_url: str
    region: str
    stack: str
    simulator_url: str
    cloudinary_url: str
    outputs: dict[str, str]
    pids: dict[str, int] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a boto3 client of the emulator, e.g. ``client("dynamodb")``."""
        return aws_client(self.endpoint_url, service)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment in which AWS tools and ``autotag`` work on this stack."""
        return clean_environment(AWS_ENDPOINT_URL=self.endpoint_url, AUTOTAG_STACK=self.stack, **more)

    def save(self, folder: Path) -> None:
        """Write ``stack.json`` into the run folder atomically."""
        draft = folder / "stack.json.new"
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n")
        draft.replace(folder / "stack.json")

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read what ``save`` wrote; None if it is missing or unreadable."""
        path = folder / "stack.json"
        try:
            return decoder(cls).decode(path.read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return None


def create_stack(
    folder: Path,
    progress: Progress,
    *,
    parameters: Mapping[str, str] | None = None,
    time_scale: float = 60.0,
    function_variables: Mapping[str, str] | None = None,
) -> Stack:
    """Start a stack in the empty run folder ``folder``, and leave it running.

    ``parameters`` are template parameters that override ``QUICK``; ``time_scale`` divides the waits between
    Cloudinary's attempts to deliver a notification; ``function_variables`` are environment variables that the functions
    see besides their own. Raises ``LocalError``; processes that were started until then
    keep running (see ``stop``).
    """
    progress("building the functions (sam build)")
    template = sam.build(folder)
    progress("starting the AWS emulator")
    simulator_port = free_port()
    # the emulator has no Rekognition, the simulated Cloudinary does
    rekognition = {"AWS_ENDPOINT_URL_REKOGNITION": f"http://127.0.0.1:{simulator_port}"}
    endpoint_url = services.start_emulator(folder, {**rekognition, **(function_variables or {})})
    progress("deploying the template (sam deploy)")
    simulated = f"http://127.0.0.1:{simulator_port}"
    base = {"CloudinaryApiBase": simulated, "CloudinaryDeliveryBase": simulated}
    outputs = _deploy(template, NAME, endpoint_url, {**base, **(parameters or {})})
    progress("starting the simulated Cloudinary")
    simulator_url = services.start_simulator(folder, simulator_port, time_scale, endpoint_url)
    create_triggers(simulator_url, outputs)
    stack = Stack(
        endpoint_url=endpoint_url,
        region=REGION,
        stack=NAME,
        simulator_url=simulator_url,
        cloudinary_url=f"cloudinary://{WRITER_KEY}:{WRITER_SECRET}@{CLOUD_NAME}?upload_prefix={simulator_url}",
        outputs=outputs,
        pids={name: Daemon(folder, name).pid for name in services.NAMES},
    )
    stack.save(folder)
    return stack


def deploy_beside(stack: Stack, folder: Path, name: str, parameters: Mapping[str, str] | None = None) -> Stack:
    """Deploy the template of a stack's run folder once more, as the stack ``name`` beside it.

    It is on the same emulator and has the same Cloudinary account, in which no trigger leads to it. Raises
    ``LocalError``.
    """
    values = {"CloudinaryApiBase": stack.simulator_url, **(parameters or {})}
    return replace(stack, stack=name, outputs=_deploy(sam.built(folder), name, stack.endpoint_url, values))


def delete_beside(stack: Stack) -> None:
    """Delete a stack that ``deploy_beside`` made, and wait until its functions are gone."""
    client = stack.client("cloudformation")
    client.delete_stack(StackName=stack.stack)
    client.get_waiter("stack_delete_complete").wait(StackName=stack.stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def _deploy(template: Path, name: str, endpoint_url: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Deploy a built template, give it what the emulator and the functions need, and return its outputs."""
    sam.deploy(template, name, endpoint_url, {**QUICK, **parameters})
    outputs = read_outputs(endpoint_url, name)
    give_limits_as_numbers(endpoint_url)
    put_secret(endpoint_url, outputs["SecretArn"])
    return outputs


def stop_stack(folder: Path) -> bool:
    """Stop the processes of a run folder and delete its temporary files; return whether any ran. Logs stay."""
    stopped = [Daemon(folder, name).stop() for name in services.NAMES]
    (folder / "stack.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    shutil.rmtree(folder / "build", ignore_errors=True)
    return any(stopped)


@contextmanager
def temporary_stack(
    folder: Path,
    progress: Progress,
    *,
    parameters: Mapping[str, str] | None = None,
    time_scale: float = 60.0,
    function_variables: Mapping[str, str] | None = None,
    keep_logs: Callable[[], bool] = lambda: False,
) -> Iterator[Stack]:
    """Run a separate stack in ``folder`` while the block runs; however the block ends, the stack is stopped.

    The folder is deleted too, unless the block raised or ``keep_logs`` then returns True.
    """
    with locked(owner_lock(folder)):
        folder.mkdir()
        try:
            yield create_stack(
                folder, progress, parameters=parameters, time_scale=time_scale, function_variables=function_variables
            )
        finally:
            stop_stack(folder)
        if keep_logs():
            progress(f"logs are kept in {folder}")
        else:
            shutil.rmtree(folder)
            owner_lock(folder).unlink()


def owner_lock(folder: Path) -> Path:
    """Return the path of the lock, beside the run folder, that ``running`` holds as long as the run lasts."""
    return folder.parent / f"{folder.name}.lock"
