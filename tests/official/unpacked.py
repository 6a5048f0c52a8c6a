"""The tests of the official clients, unpacked from their source distributions, with what those lack beside them."""

import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.official.support import pictures

SUPPORT = Path(__file__).parent / "support"


class MissingSource(Exception):
    """A source distribution is not where it is expected. The message says where, and what makes it."""


@dataclass(frozen=True)
class Client:
    """An official client: its short name in the lists, the name of its source distribution, and what that lacks."""

    name: str
    distribution: str
    complete: Callable[[Path], None]

    def unpack(self, sources: Path, folder: Path) -> Path:
        """Unpack the source distribution below ``folder``, complete its tests, and return the folder that holds them.

        Raises ``MissingSource``.
        """
        archives = sorted(sources.glob(f"{self.distribution}-[0-9]*.tar.gz"))
        if len(archives) != 1:
            raise MissingSource(
                f"{sources} has {len(archives)} source distributions of {self.distribution}; expected one. "
                "`make official` downloads it."
            )
        with tarfile.open(archives[0]) as archive:
            archive.extractall(folder / self.name, filter="data")
        root = folder / self.name / archives[0].name.removesuffix(".tar.gz")
        (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")  # so that no folder above configures them
        self.complete(root / "test")
        return root


def _complete_sdk(tests: Path) -> None:
    """Add what the tests of the Python SDK import, and the files that they upload."""
    storage = tests / "cache" / "storage"
    storage.mkdir(parents=True)
    for package in (tests, tests / "cache", storage):
        (package / "__init__.py").touch()
    shutil.copy(SUPPORT / "sdk" / "sdk_helpers.py", tests / "helper_test.py")
    shutil.copy(SUPPORT / "sdk" / "dummy_cache_storage.py", storage)
    logo = pictures.png(241, 51)  # the size that test_uploader.py expects
    _write(
        tests / "resources",
        {
            "logo.png": logo,
            "logo_žluťák.png": logo,
            "document.docx": pictures.docx("A document"),
            "icon.ico": pictures.ico(16, 16),
        },
    )


def _complete_cli(tests: Path) -> None:
    """Add the folders of files that the tests of the command upload and synchronize."""
    ordinary = pictures.png(120, 80)
    # one folder holds so many that test_cli_sync finds five files more of the same name
    photos = {f"{'many' if n < 7 else 'few files'}/photo {n}.jpg": pictures.jpeg(64, 48, n) for n in range(10)}
    _write(
        tests / "resources" / "test_sync",
        {"NoSpaces/OrdinaryFilename.png": ordinary, "photo.jpg": pictures.jpeg(64, 48, 99), **photos},
    )
    _write(
        tests / "resources" / "test_sync_partial",
        {"NoSpaces/OrdinaryFilename.png": ordinary, "NewFilename.jpg": pictures.jpeg(64, 48, 100)},
    )


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


CLIENTS = (Client("sdk", "cloudinary", _complete_sdk), Client("cli", "cloudinary_cli", _complete_cli))
