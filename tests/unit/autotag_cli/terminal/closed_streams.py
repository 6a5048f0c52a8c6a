"""Folders that may not be read, not by root either."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def shut_folder(files: Mapping[str, str | bytes]) -> Iterator[Path]:
    """Yield a folder that holds ``files``; ``shut`` in it may not be read: root gives up its rights for the moment."""
    top = Path(tempfile.mkdtemp())
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for folder, _, _ in os.walk(top):
        Path(folder).chmod(0o777)
    (top / "shut").chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield top
    finally:
        if root:
            os.seteuid(0)
        (top / "shut").chmod(0o755)
        shutil.rmtree(top)
