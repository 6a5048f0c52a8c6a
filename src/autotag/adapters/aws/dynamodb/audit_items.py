"""Audits as DynamoDB items, and back."""

import msgspec

from autotag.adapters.aws.dynamodb.codec.blob import packed, unpacked
from autotag.adapters.aws.dynamodb.items import SHAPE, Item, asset_key, require_shape
from autotag.domain.errors import Invalid
from autotag.domain.model.audit import Audit, asset_of_audit
from autotag.domain.model.conversion import convert

AUDIT = "AUDIT#"
"""What the sort key of an audit begins with."""


def audit_key(audit_id: str) -> Item:
    """Return the key of an audit's item; raises ``Invalid`` if ``audit_id`` is not an audit id."""
    asset_id = asset_of_audit(audit_id)
    return {"pk": {"S": asset_key(asset_id)}, "sk": {"S": f"{AUDIT}{audit_id[len(asset_id) + 1 :]}"}}


def audit_to_item(audit: Audit, expires_at: int) -> Item:
    """Return the item of ``audit``, which DynamoDB deletes at ``expires_at`` (unix seconds)."""
    return audit_key(audit.audit_id) | {
        "v": {"N": str(SHAPE)},
        "expires_at": {"N": str(expires_at)},
        "record": {"B": packed(msgspec.to_builtins(audit)).data},
    }


def audit_from_item(item: Item) -> Audit:
    """Return the audit in an item; raises ``UnknownShape``, or ``Invalid`` if it is torn."""
    audit_id = f"{item['pk']['S'].removeprefix(asset_key(''))}.{item['sk']['S'].removeprefix(AUDIT)}"
    require_shape(item, f"audit {audit_id}")
    try:
        return convert(unpacked(bytes(item["record"]["B"])), Audit)
    except (Invalid, msgspec.ValidationError) as error:
        raise Invalid(audit_id, f"the stored record cannot be read: {error}") from error
