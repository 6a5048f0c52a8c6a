"""The imported list of labels, as it is stored on this machine."""

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import LabelRelations
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.input.files import read_bytes
from autotag_cli.input.seen_labels import save_json

IMPORTED = ".autotag/labels.json"
"""Where an imported list is stored, from the folder in which a command is started. It stays on this machine."""


class _Stored(Struct, frozen=True):
    """The file. ``autotag_label_list`` is the version of its form."""

    autotag_label_list: int
    model: str
    source: str
    labels: dict[str, LabelRelations]


def save_list(imported: LabelList, path: str = IMPORTED) -> None:
    """Store the list. Raises ``Invalid`` if it cannot be written."""
    save_json(path, _Stored(1, imported.model, imported.source, imported.labels))


def load_list(path: str = IMPORTED) -> LabelList:
    """Return the stored list. Raises ``Invalid`` if it cannot be read or ``autotag labels import`` did not write it."""
    try:
        stored: _Stored = decode_json(read_bytes(path), _Stored)
    except msgspec.DecodeError as error:
        raise Invalid(path, f"expected what autotag labels import writes: import the list again ({error})") from error
    return LabelList(stored.model, stored.source, stored.labels)
