"""Rows of the page's tables: one asset, delivery, trigger or call each."""

from simulator.assets.assets import Asset
from simulator.core.calls import CallRecord
from simulator.notifications.delivery import DeliveryAttempt
from simulator.notifications.triggers import Trigger
from simulator.page.html import Html, element, spaced
from simulator.rekognition.calls import DetectCall


def asset_row(asset: Asset) -> tuple[object, ...]:
    """Return the row of an asset: its tags, and every label of every provider."""
    tags = {tag.casefold() for tag in asset.tags}
    providers = []
    for provider, result in asset.categorization.items():
        labels = [
            element(
                "span", f"{label.tag} {label.confidence:.4f}",
                class_="label became" if label.tag.casefold() in tags else "label",
            )
            for label in result.labels
        ]  # fmt: skip
        outcome = spaced(labels) if result.status == "complete" else f"{result.status} {result.error}".strip()
        providers.append(element("div", element("small", provider, ": "), outcome))
    place = f"{asset.resource_type}/{asset.type} · {asset.asset_folder or 'root'} · {asset.asset_id}"
    name = element("div", element("strong", asset.public_id), Html("<br>"), element("small", place))
    return name, asset.version, spaced(element("span", tag, class_="tag") for tag in asset.tags), spaced(providers)


def delivery_row(attempt: DeliveryAttempt) -> tuple[object, ...]:
    """Return the row of one attempt to deliver a notification."""
    shown = attempt.outcome if attempt.status is None else f"{attempt.outcome}, {attempt.status}"
    bad = attempt.outcome not in ("delivered", "buffered")
    outcome = element("span", shown, class_="bad") if bad else shown
    assets = ", ".join(attempt.public_ids[:5]) + (" …" if len(attempt.public_ids) > 5 else "")
    about = spaced((element("strong", attempt.notification_type), assets))
    return attempt.at, about, attempt.url, attempt.attempt, spaced((outcome, element("small", attempt.error)))


def trigger_row(trigger: Trigger) -> tuple[object, ...]:
    """Return the row of one trigger."""
    options = {
        "additive": trigger.additive,
        "filter": trigger.filter is not None,
        "payload template": trigger.payload_template is not None,
    }
    return (
        trigger.event_type,
        trigger.uri,
        trigger.auth_scheme,
        ", ".join(name for name, is_set in options.items() if is_set),
    )


def call_row(record: CallRecord) -> tuple[object, ...]:
    """Return the row of one call of the API."""
    status = "dropped" if record.status is None else str(record.status)
    shown = element("span", status, class_="bad") if record.status is None or record.status >= 400 else status
    return (
        record.at, f"{record.method} {record.path}", record.key,
        spaced((shown, "by a fault")) if record.fault else shown, record.milliseconds,
    )  # fmt: skip


def detect_row(record: DetectCall) -> tuple[object, ...]:
    """Return the row of one call of Rekognition; what failed or was not paid is told."""
    image = record.public_id or record.object or record.digest[:12]
    status = "dropped" if record.status is None else str(record.status)
    shown = element("span", f"{status} {record.error}".strip(), class_="bad") if record.error else status
    return record.at, image, record.model, record.labels, spaced((shown, "paid" if record.paid else "not paid"))
