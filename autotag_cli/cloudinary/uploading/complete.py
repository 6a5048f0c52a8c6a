"""Completion of an existing asset with what an upload requested: labels of an add-on, tags, context."""

import io

from autotag.domain.errors import AutotagError
from autotag_cli.cloudinary.metadata_pairs import decode_pairs, encode_pairs
from autotag_cli.cloudinary.missing_parts import MissingParts, missing_parts
from autotag_cli.cloudinary.responses import PAUSES, is_lost
from autotag_cli.cloudinary.uploading.file_state import FileState
from autotag_cli.cloudinary.uploading.naming import Item, stored_public_id
from autotag_cli.cloudinary.uploading.send import Sender, Sent

_PASSED_ON = frozenset({"type", "auto_tagging", "notification_url"})


def complete(sender: Sender, item: Item, stream: io.BufferedReader, state: FileState, existing: Sent) -> Sent:
    """Categorize the asset of ``existing``, once even if responses are lost; add the tags and context that it lacks.

    Existing values do not change: the calls for tags and context only add. Raises as the client does.
    """
    sent = _categorized(sender, item, stream, state, existing) if existing.missing.providers else existing
    missing = missing_parts(sent.answer, sender.call.fields)
    kind, type_ = str(sent.answer.get("resource_type") or "image"), sender.call.fields.get("type", "upload")
    target = {"public_ids": [stored_public_id(sent.answer, item)], "type": type_, "command": "add"}
    if tags := (*missing.tags, *missing.labels):
        sender.client.upload_api(kind, "tags", {**target, "tag": ",".join(tags)})
    if missing.context:
        requested = decode_pairs(sender.call.fields["context"])
        context = encode_pairs((key, requested[key]) for key in missing.context)
        sender.client.upload_api(kind, "context", {**target, "context": context})
    return sent._replace(missing=MissingParts(providers=missing.providers))


def _categorized(sender: Sender, item: Item, stream: io.BufferedReader, state: FileState, existing: Sent) -> Sent:
    """Call the add-ons that have not categorized the asset; after a lost response, first check whether they have."""
    lost = AutotagError("there was no try")
    for pause in PAUSES:
        kind = str(existing.answer.get("resource_type") or "image")
        fields = {name: text for name, text in sender.call.fields.items() if name in _PASSED_ON}
        fields |= {
            "public_id": stored_public_id(existing.answer, item),
            "categorization": ",".join(existing.missing.providers),
        }
        try:
            answer = sender.client.upload_api(kind, "explicit", fields, once=True)
            return existing._replace(answer=answer, missing=missing_parts(answer, sender.call.fields))
        except AutotagError as error:
            if not is_lost(error):
                raise
            lost = error
        sender.sleep(pause)
        answer = sender.send_as_new(item, stream, state)
        existing = existing._replace(answer=answer, missing=missing_parts(answer, sender.call.fields))
        if not existing.missing.providers:
            return existing
    raise lost
