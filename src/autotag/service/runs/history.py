"""The audits of an asset, read page by page as far as they are needed."""

from collections.abc import Iterator

from autotag.domain.model.audit import Audit
from autotag.ports.audits import AuditReader

_PAGE = 50


def audits_of(records: AuditReader, asset_id: str) -> Iterator[Audit]:
    """Yield the audits of an asset, the newest first."""
    before = ""
    while page := records.of_asset(asset_id, _PAGE, before):
        yield from page
        before = page[-1].audit_id
