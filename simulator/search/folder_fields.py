"""The fields of a folder for search and sorting: ``name``, ``path`` and ``created_at``."""

from simulator.assets.folders import Folder
from simulator.search.fields import Field, Fields

_FIELDS: dict[str, Field[Folder]] = {
    "name": Field("text", lambda folder: (folder.name,)),
    "path": Field("folder", lambda folder: (folder.path,)),
    "created_at": Field("time", lambda folder: (folder.created_at,)),
}
FOLDER_FIELDS: Fields[Folder] = Fields(_FIELDS.get, (_FIELDS["name"], _FIELDS["path"]), _FIELDS)
