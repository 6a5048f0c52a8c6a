"""A list of the labels that a provider's label model can answer with: published by the provider, or a person's own."""

from msgspec import Struct

from autotag.domain.model.labels import LabelRelations


class LabelList(Struct, frozen=True):
    """The labels by their names, with what the list says of each.

    ``model`` is the version of the label model as the provider writes it, such as ``3.0``; "": the list names none.
    ``source`` is the name of the file that it was read from.
    """

    model: str
    source: str
    labels: dict[str, LabelRelations]

    @property
    def name(self) -> str:
        """Return what the list is called in sentences."""
        return f"label model {self.model}" if self.model else f"the imported list {self.source}"
