"""The structured metadata fields of the account.

Source: cloudinary.com/documentation/metadata_api, "Generic structure of a metadata field"; pycloudinary
test_metadata.py; the models of cloudinary/structured-metadata-js.
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from simulator.assets.assets import MetadataValue
from simulator.core.database import Database, Table
from simulator.core.errors import ApiError
from simulator.metadata.datasource import Entry
from simulator.metadata.validation import Validation

FieldType = Literal["string", "integer", "date", "enum", "set"]
FieldOrder = Literal["label", "external_id", "created_at"]
_MAX_FIELDS = 100


class MetadataField(Struct, frozen=True):
    """One field. ``created_at`` is unix seconds; fields are listed by ``position``.

    ``default_value`` is given to each asset that is uploaded without a value, unless ``default_disabled``. A value of a
    ``mandatory`` field cannot be cleared. ``readonly_ui`` and ``allow_dynamic_list_values`` concern the Console alone.
    """

    external_id: str
    type: FieldType
    label: str
    created_at: float
    position: int = 0
    mandatory: bool = False
    default_value: MetadataValue | None = None
    default_disabled: bool = False
    validation: Validation | None = None
    readonly_ui: bool = False
    allow_dynamic_list_values: bool = False
    datasource: tuple[Entry, ...] = ()
    deleted: bool = False

    @property
    def has_datasource(self) -> bool:
        """Whether its values name entries of a datasource."""
        return self.type in ("enum", "set")


class MetadataFields:
    """All fields. The external_id of a deleted field stays taken (cloudinary_npm structured_metadata_spec)."""

    def __init__(self, database: Database) -> None:
        self._fields = Table(database, "metadata_field", MetadataField)

    def all(self) -> list[MetadataField]:
        """Return the fields in their order."""
        return sorted((f for f in self._fields.values() if not f.deleted), key=lambda field: field.position)

    def types(self) -> dict[str, str]:
        """Return the type of each field, by external_id."""
        return {field.external_id: field.type for field in self.all()}

    def find(self, external_id: str) -> MetadataField | None:
        """Return a field, or None."""
        field = self._fields.get(external_id)
        return None if field is None or field.deleted else field

    def existing(self, external_id: str) -> MetadataField:
        """Return a field. Raises ``ApiError`` 404."""
        field = self.find(external_id)
        if field is None:
            raise ApiError(404, f"Metadata field not found - {external_id}")
        return field

    def add(self, field: MetadataField) -> MetadataField:
        """Store a new field as the last one, and return it. Raises ``ApiError`` 400."""
        fields = self.all()
        if self._fields.get(field.external_id) is not None:
            raise ApiError(400, f"external id {field.external_id} already exists")
        if len(fields) >= _MAX_FIELDS:
            raise ApiError(400, f"Too many metadata fields (maximum is {_MAX_FIELDS})")
        return self.save(replace(field, position=fields[-1].position + 1 if fields else 0))

    def save(self, field: MetadataField) -> MetadataField:
        """Store ``field`` in place of the one with its external_id, and return it."""
        self._fields.save(field.external_id, field)
        return field

    def reorder(self, order_by: FieldOrder, descending: bool) -> None:
        """Sort the fields."""
        fields = sorted(self.all(), key=lambda field: getattr(field, order_by), reverse=descending)
        self._fields.save_all([(field.external_id, replace(field, position=i)) for i, field in enumerate(fields)])

    def clear(self) -> None:
        """Remove all fields from memory."""
        self._fields.clear()
