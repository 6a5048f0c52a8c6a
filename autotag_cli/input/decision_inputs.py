"""Inputs of ``decide`` and ``rules diff``: an upload or update response, an Admin ``resource``, or a notification.

Fields that the deployed service needs, but the input lacks, are left open: an unknown name is "", an unknown version 0.
"""

import codecs
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import ADDONS, PROVIDERS, REKOGNITION, LabelRelations, label_key
from autotag.domain.model.messages import LabelsObserved, MessageOrigin
from autotag.domain.notifications.parse import load, parse_resource
from autotag_cli.input.common_mistakes import reject_common_mistakes
from autotag_cli.input.documents import Document

_IDENTITY = ("asset_id", "public_id", "notification_type")


class AssetOverrides(NamedTuple):
    """Facts that a person gives about the asset; they override the input. None or empty: not given.

    ``parents`` are labels, each with the ancestors that Rekognition is to have named for it.
    """

    public_id: str | None = None
    folder: str | None = None
    format: str | None = None
    tags: tuple[str, ...] = ()
    context: tuple[tuple[str, str], ...] = ()
    resource_type: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    parents: tuple[tuple[str, tuple[str, ...]], ...] = ()


NO_OVERRIDES = AssetOverrides()


class Input(NamedTuple):
    """An asset to decide on. ``has_facts``: its folder, format, context and tags are known, not only its labels."""

    message: LabelsObserved
    has_facts: bool


def document_of_labels(labels: Iterable[str], provider: str) -> Document:
    """Return the input that ``NAME=CONFIDENCE`` texts stand for. A text may begin with its provider and a colon.

    Raises ``Invalid`` that names a text of another form.
    """
    by_provider: dict[str, dict[str, Any]] = {}
    for text in labels:
        name, equals, number = text.rpartition("=")
        source, colon, rest = name.partition(":")
        if not (colon and source in PROVIDERS):
            source, rest = provider, name
        try:
            confidence = float(number)
        except ValueError:
            confidence = -1.0
        if not equals or not rest.strip() or not 0 <= confidence <= 1:
            raise _no_label(text, name, "" if 0 <= confidence <= 1 else number)
        by_provider.setdefault(source, {"status": "complete", "data": []})["data"].append(
            {"tag": rest, "confidence": confidence}
        )
    return Document("", json.dumps({"info": {"categorization": by_provider}}).encode())


def _no_label(text: str, name: str, number: str) -> Invalid:
    # imported here since only a mistake needs it: a start is shorter
    from autotag.domain.rules.validation.messages import suggest_confidence

    meant = suggest_confidence(number) if name.strip() else ""
    guess = f"; did you mean {name}={meant}?" if meant else ""
    return Invalid(repr(text), f"expected NAME=CONFIDENCE with a confidence from 0 to 1, such as Guitar=0.7046{guess}")


def read_asset(document: Document, overrides: AssetOverrides = NO_OVERRIDES) -> Input:
    """Read one input. Raises ``Invalid`` with the file, the place in it, and what was expected there."""
    if document.error:
        raise Invalid(document.location, document.error)
    try:
        return parse(document.raw, overrides)
    except Invalid as error:
        where = error.where.removeprefix("line 1, ") if document.line else error.where
        raise Invalid(": ".join(filter(None, (document.location, where))), error.expected) from error


def parse(raw: bytes, overrides: AssetOverrides = NO_OVERRIDES) -> Input:
    """Read one input. Raises ``Invalid`` with the place in it, and what was expected there."""
    document = _load(raw)
    reject_common_mistakes(document)
    kind = document.get("notification_type")
    if kind not in (None, "upload", "info"):
        raise Invalid("notification_type", f"{kind!r} carries no labels, expected upload or info")
    is_info = kind == "info" or "info_data" in document
    document = _info_as_resource(document) if is_info else document
    _check_categorization(document)
    if overrides.public_id is not None:
        document["public_id"] = overrides.public_id
    if overrides.resource_type is not None:
        document |= {"resource_type": overrides.resource_type, "type": document.get("type") or "upload"}
    origin = MessageOrigin(str(kind or ""), "")
    message = parse_resource(_with_placeholders(document), 0, origin, of=PROVIDERS)  # labels of a file, not of a call
    asset = _without_placeholders(message.asset, document)
    facts = _with_overrides(message.facts, overrides) if message.facts else None
    if overrides.parents:
        message = _with_parents(message, overrides.parents)
    return Input(replace(message, asset=asset, facts=facts), has_facts=not is_info or overrides != NO_OVERRIDES)


def _load(raw: bytes) -> dict[str, Any]:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return load(raw)
    except Invalid as error:
        try:
            if json.loads(raw.decode()) == []:
                raise Invalid("", "the list holds no asset") from error
        except json.JSONDecodeError as problem:
            location = f"line {problem.lineno}, column {problem.colno}"
            if problem.doc[problem.pos : problem.pos + 1] == "'":
                raise Invalid(location, "expected JSON, not a printed object: write it with json.dumps") from error
            raise Invalid(location, f"expected JSON ({problem.msg})") from error
        except (UnicodeDecodeError, RecursionError, ValueError):  # ValueError: too many digits in a number
            pass
        raise Invalid("", error.expected) from error


def _info_as_resource(document: dict[str, Any]) -> dict[str, Any]:
    kind = document.get("info_kind")
    if not isinstance(kind, str) or kind not in ADDONS:
        raise Invalid("info_kind", f"expected a provider of labels such as aws_rek_tagging, not {kind!r}")
    result = {"status": document.get("info_status"), "data": document.get("info_data")}
    return {**document, "info": {"categorization": {kind: result}}}


def _check_categorization(document: dict[str, Any]) -> None:
    info = document.get("info", {})
    if not isinstance(info, dict):
        raise Invalid("info", "expected an object")
    by_provider = info.get("categorization")
    if by_provider is None:
        if not any(document.get(field) for field in _IDENTITY):
            raise Invalid("info.categorization", "is missing, expected the response to a call with categorization")
        return
    if not isinstance(by_provider, dict):
        raise Invalid("info.categorization", "expected an object of providers such as aws_rek_tagging")
    for provider, entry in by_provider.items():
        if not isinstance(entry, dict):
            raise Invalid(f"info.categorization.{provider}", "expected an object with status and data")


def _with_placeholders(document: dict[str, Any]) -> dict[str, Any]:
    stand_ins = {"asset_id": "unknown", "public_id": "unknown", "version": 0}
    return {**document, **{field: value for field, value in stand_ins.items() if document.get(field) is None}}


def _without_placeholders(ref: AssetRef, document: dict[str, Any]) -> AssetRef:
    unknown = {field: "" for field in ("asset_id", "public_id") if document.get(field) is None}
    return replace(ref, **unknown)


def _with_parents(message: LabelsObserved, parents: Iterable[tuple[str, tuple[str, ...]]]) -> LabelsObserved:
    answer = message.categorizations.get(REKOGNITION)
    if answer is None:
        raise Invalid("--parents", f"expected labels of {REKOGNITION}, which alone names ancestors")
    about = {label_key(name): LabelRelations(names) for name, names in parents}
    return replace(message, categorizations={**message.categorizations, REKOGNITION: replace(answer, about=about)})


def _with_overrides(facts: Facts, overrides: AssetOverrides) -> Facts:
    given: dict[str, tuple[str, ...]] = {}
    for field, value in overrides.metadata:
        given[field] = (*given.get(field, ()), value)
    return replace(
        facts,
        folder=facts.folder if overrides.folder is None else overrides.folder.strip("/"),
        format=facts.format if overrides.format is None else overrides.format,
        tags=tuple(dict.fromkeys((*facts.tags, *overrides.tags))),
        context={**facts.context, **dict(overrides.context)},
        metadata={**facts.known_metadata, **given},
    )
