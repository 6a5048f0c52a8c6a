"""A sample consumer of autotag's events: it logs each asset whose tags changed. Put your own work in its place."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: object) -> None:
    """Handle one event of detail-type ``Asset Tagged``.

    The same event may come twice, so what you do here must come to the same if it is repeated: ``audit_id`` is the
    same then. An exception has the event tried again, twice; then it goes to the dead-letter queue.
    """
    audit = event["detail"]
    line = {
        "message": "asset_tagged",
        "audit_id": audit["audit_id"],
        "public_id": audit["asset"]["public_id"],
        "added": audit["tags"]["added"],
        "removed": audit["tags"]["removed"],
        "event": event,
    }
    print(json.dumps(line))
