"""What an asset lacks of what a call requested: labels of an add-on, tags, context."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from autotag.domain.model.labels import can_label, label_key, parse_categorizations
from autotag_cli.cloudinary.metadata_pairs import context_of, decode_pairs, text_list


class MissingParts(NamedTuple):
    """What an asset lacks: categorization by ``providers``, or a tag from ``labels``, as --auto-tagging requests."""

    providers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    context: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(self)

    def sentence(self) -> str:
        """Return a phrase that names what is missing, for people."""
        named = (("labels of", self.providers), ("tags", self.tags), ("context", self.context))
        parts = [f"{what} {', '.join(names)}" for what, names in named if names]
        return "without " + ", without ".join([*parts, *(["tags of its labels"] if self.labels else [])])


def missing_parts(answer: Mapping[str, Any], fields: Mapping[str, str]) -> MissingParts:
    """Return what an upload, explicit or update with ``fields`` would add to the asset in ``answer``.

    An add-on with a pending result is not missing, one that failed is. A context key with another value is not
    missing: a person may have changed it. For --auto-tagging, one tag is enough: people remove single ones.
    """
    results, tags = parse_categorizations(answer, 0), text_list(answer.get("tags"))
    providers = tuple(
        name
        for name in _listed(fields, "categorization")
        if can_label(name, answer.get("resource_type")) and (name not in results or results[name].status == "failed")
    )
    present = {label_key(tag) for tag in tags}
    threshold = threshold_of(fields)
    labels = [
        label.name
        for result in results.values()
        for label in result.labels
        if threshold is not None and not label.fault and label.confidence >= threshold
    ]
    tagged = any(label_key(name) in present for name in labels)
    return MissingParts(
        providers,
        tuple(tag for tag in _listed(fields, "tags") if tag not in tags),
        () if tagged else tuple(dict.fromkeys(labels)),
        tuple(key for key in decode_pairs(fields.get("context", "")) if key not in context_of(answer)),
    )


def threshold_of(fields: Mapping[str, str]) -> float | None:
    """Return the confidence (0-1) from which a call with ``fields`` turns labels into tags, None if it does not."""
    return float(fields["auto_tagging"]) if "auto_tagging" in fields else None


def _listed(fields: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in fields.get(name, "").split(",") if part.strip()]
