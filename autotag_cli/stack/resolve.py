"""The stack that a command works on: the one that is named, else the local one if it is running."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.errors import Failure
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.loopback import is_loopback
from autotag_cli.stack.target import Keys, Target
from autotag_cli.terminal.output import note

_LOCAL_KEYS = Keys("test", "test")
"""Keys that the AWS emulator accepts; never valid anywhere else."""


class LocalStack(Struct, frozen=True):
    """The description that ``make up`` writes into ``.local/up/stack.json``; its Function URLs can be called.

    ``cloudinary_url`` is what CLOUDINARY_URL has to be for the simulated Cloudinary.
    """

    endpoint_url: str
    region: str
    stack: str
    outputs: dict[str, str]
    cloudinary_url: str = ""

    def target(self) -> Target:
        """Return the local stack as a target; raises ``Failure`` if it is not on this machine."""
        url = self.outputs.get("OpsUrl", "")
        if not is_loopback(url):
            raise Failure(f"the local stack's OpsUrl {url!r} is not on this machine: run make down and make up")
        return Target(self.stack, url, self.region, _LOCAL_KEYS, self.outputs, self.endpoint_url)


def resolve(name: str | None, environment: Environment, *, changes: bool = False) -> Target:
    """Return the stack ``name``, else that of $AUTOTAG_STACK, else the local stack, which it says on stderr.

    With ``changes``, for a command that changes something, it names any other stack there, too.
    Raises ``Invalid`` if there is no stack to choose, ``Failure`` if it cannot be looked up.
    """
    local = local_stack(environment.folders)
    wanted = name or environment.variables.get("AUTOTAG_STACK")
    if wanted:
        named = (environment.region, environment.profile)
        endpoint = environment.variables.get("AWS_ENDPOINT_URL", "").rstrip("/")
        is_local = local and (local.stack, local.endpoint_url.rstrip("/")) == (wanted, endpoint)
        is_meant = local and is_local and named == (None, None)
        target = local.target() if local and is_meant else environment.find(wanted, *named)
        if changes:
            place = f"on the emulator at {target.endpoint_url}" if target.endpoint_url else f"in {target.region}"
            note(f"Working on the stack {target.stack} {place}.")
        return target
    if environment.region or environment.profile:
        option = "--region" if environment.region else "--profile"
        raise Invalid(option, "expected with --stack NAME or AUTOTAG_STACK, since a local stack has none")
    if local:
        note(f"Using the local stack at {local.endpoint_url}.")
        return local.target()
    raise Invalid("stack", "none is named: give --stack NAME, set AUTOTAG_STACK, or start a local one with make up")


def local_stack(folders: Iterable[Path]) -> LocalStack | None:
    """Return the local stack, or None if none is running; raises ``Failure`` if its description cannot be read."""
    for folder in folders:
        path = folder / ".local" / "up" / "stack.json"
        try:
            return decode_json(path.read_bytes(), LocalStack)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise Failure(f"{path} cannot be read ({error.strerror})") from error
        except msgspec.DecodeError as error:
            raise Failure(f"{path} is damaged ({error}): run make down and make up") from error
    return None
