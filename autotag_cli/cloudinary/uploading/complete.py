"""Completion of an existing asset with what an upload requested: labels of an add-on, tags, context."""

import io

from autotag.domain.errors import AutotagError
from autotag_cli.cloudinary.metadata_pairs import joined, parted
from autotag_cli.cloudinary.missing_parts import Lack, lacking
from autotag_cli.cloudinary.responses import PAUSES, is_lost
from autotag_cli.cloudinary.uploading.file_state import Stamp
from autotag_cli.cloudinary.uploading.naming import Item
from autotag_cli.cloudinary.uploading.send import Sender, Sent

_PASSED_ON = frozenset({"type", "auto_tagging", "notification_url"})


def complete(sender: Sender, item: Item, stream: io.BufferedReader, stamp: Stamp, found: Sent) -> Sent:
    """Categorize the asset of ``found``, once even if responses are lost, and add the tags and context that it lacks.

    Existing values do not change: the calls for tags and context only add. Raises as the client does.
    """
    sent = _categorized(sender, item, stream, stamp, found) if found.lack.providers else found
    lack = lacking(sent.answer, sender.call.fields)
    kind, type_ = str(sent.answer.get("resource_type") or "image"), sender.call.fields.get("type", "upload")
    target = {"public_ids": [item.public_id], "type": type_, "command": "add"}
    if tags := (*lack.tags, *lack.labels):
        sender.client.upload_api(kind, "tags", {**target, "tag": ",".join(tags)})
    if lack.context:
        requested = parted(sender.call.fields["context"])
        context = joined((key, requested[key]) for key in lack.context)
        sender.client.upload_api(kind, "context", {**target, "context": context})
    return sent._replace(lack=Lack(providers=lack.providers))


def _categorized(sender: Sender, item: Item, stream: io.BufferedReader, stamp: Stamp, found: Sent) -> Sent:
    """Call the add-ons that have not categorized the asset; after a lost response, first check whether they have."""
    lost = AutotagError("there was no try")
    for pause in PAUSES:
        kind = str(found.answer.get("resource_type") or "image")
        fields = {name: text for name, text in sender.call.fields.items() if name in _PASSED_ON}
        fields |= {"public_id": item.public_id, "categorization": ",".join(found.lack.providers)}
        try:
            answer = sender.client.upload_api(kind, "explicit", fields, once=True)
            return found._replace(answer=answer, lack=lacking(answer, sender.call.fields))
        except AutotagError as error:
            if not is_lost(error):
                raise
            lost = error
        sender.sleep(pause)
        answer = sender.ask(item, stream, stamp)
        found = found._replace(answer=answer, lack=lacking(answer, sender.call.fields))
        if not found.lack.providers:
            return found
    raise lost
