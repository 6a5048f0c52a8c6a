"""Items to be recorded, and the journal that records them."""

from pathlib import Path

from autotag_cli.cloudinary.uploading.file_state import FileState
from autotag_cli.cloudinary.uploading.journal import Journal
from autotag_cli.cloudinary.uploading.journal_header import JournalHeader
from autotag_cli.cloudinary.uploading.naming import Item
from autotag_cli.cloudinary.uploading.send import Call

CALL = Call("auto", {"type": "upload", "tags": "a"}, None)
HEADER = JournalHeader.of("demo", "https://api.cloudinary.com", CALL)
ONE, TWO = Item("in/one.jpg", "one", {}), Item("in/two\n.jpg", "two", {})
STATE = FileState(3, 1_791_460_800_000_000_001, "900150983cd24fb0d6963f7d28e17f72")


def reopened(path: Path, header: JournalHeader = HEADER) -> Journal:
    """Return the journal at a path, as a new process opens it."""
    return Journal(path, header)
