"""What a new user has: a fresh clone of the last commit, and an account at AWS and at Cloudinary, both local."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.core.credentials import CLOUD_NAME, NOTIFICATION_KEY, NOTIFICATION_SECRET
from local.core.locking import locked
from local.core.paths import PROJECT, clean_environment, lambda_architecture
from local.core.ports import free_port
from local.stack.run_folders import new_run_folder
from local.stack.services import start_emulator, start_simulator
from local.stack.stack import owner_lock, stop_stack

_OLD = (0, 0)
"""Access and modification time, for make: what the clone's files ask for is installed already."""


@dataclass(frozen=True)
class Accounts:
    """The addresses of an empty AWS account and of an empty Cloudinary account."""

    endpoint_url: str
    simulator_url: str

    @property
    def cloudinary_url(self) -> str:
        """``CLOUDINARY_URL`` of the account's oldest key, which signs notifications, as in an account with one key."""
        return f"cloudinary://{NOTIFICATION_KEY}:{NOTIFICATION_SECRET}@{CLOUD_NAME}?upload_prefix={self.simulator_url}"

    def environment(self) -> dict[str, str]:
        """Return a new user's environment: AWS credentials, nothing of this project, and no environment of Python."""
        clean = clean_environment(AWS_ENDPOINT_URL=self.endpoint_url)
        kept = {
            name: value for name, value in clean.items() if not name.startswith(("AUTOTAG_", "CLOUDINARY_", "VIRTUAL"))
        }
        del kept["AWS_DEFAULT_REGION"]  # README sets it
        folders = [
            Path(sys.base_prefix) / "bin",
            *(Path(found).parent for found in map(shutil.which, ("git", "make")) if found),
        ]
        return {**kept, "PATH": os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])}


@contextmanager
def accounts() -> Iterator[Accounts]:
    """Run the AWS emulator and the local Cloudinary in a run folder of their own while the block runs."""
    folder = new_run_folder("typed")
    with locked(owner_lock(folder)):
        folder.mkdir(parents=True)
        port = free_port()
        rekognition = {"AWS_ENDPOINT_URL_REKOGNITION": f"http://127.0.0.1:{port}"}  # the emulator has none
        try:
            yield Accounts(start_emulator(folder, rekognition), start_simulator(folder, port, 60.0))
        finally:
            stop_stack(folder)
            shutil.rmtree(folder)
    owner_lock(folder).unlink(missing_ok=True)


def clone(folder: Path) -> Path:
    """Clone the project's last commit into ``folder``, with the environments of ``make install`` linked into it."""
    target = folder / "autotag"
    subprocess.run(["git", "clone", "--quiet", PROJECT, target], check=True, timeout=60)  # noqa: S607
    for name in (".venv", ".tools"):
        (target / name).symlink_to((PROJECT / name).resolve())
    for file in (*target.glob("requirements/*.txt"), target / "pyproject.toml"):
        os.utime(file, _OLD)
    return target


def point_at(clone_folder: Path, found: Accounts) -> None:
    """Put what differs on this machine into samconfig.toml: its processor, and the address of the local Cloudinary."""
    file = clone_folder / "samconfig.toml"
    subprocess.run(["git", "checkout", "--quiet", file.name], cwd=clone_folder, check=True, timeout=60)  # noqa: S607
    values = {
        "Architecture": lambda_architecture(),
        "CloudinaryApiBase": found.simulator_url,
        "CloudinaryDeliveryBase": found.simulator_url,
        "PollFirstDelaySeconds": "15",
    }
    written = " ".join(f"{name}={value}" for name, value in values.items())
    text, profiles = re.subn(
        r"(?<=^parameter_overrides = \")Architecture=\w+", written, file.read_text("utf-8"), flags=re.M
    )
    assert profiles == 2, f"{file.name}: expected parameter_overrides with an Architecture in both profiles"
    file.write_text(text, "utf-8")
