"""What can be changed while the simulator runs, each with its default and the fact behind it."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from simulator.core.events import Event
from simulator.core.providers import PROVIDERS


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Immutable; ``changed`` gives the next state."""

    admin_limit: Annotated[int, Meta(ge=0)] = 2000
    """Admin API calls an hour; 500 on free plans, 2000 on paid ones."""
    notification_url: str | None = None
    """The global URL, for events without a URL of their own."""
    events: tuple[Event, ...] = ("upload", "info", "delete", "rename")
    """Which events the global URL is told of. A call's own notification_url is always told."""
    notification_algorithm: Literal["sha1", "sha256"] = "sha1"
    signing_key: str | None = None
    """The id of the key that is dedicated to webhooks; without one the oldest key signs notifications."""
    time_scale: Annotated[float, Meta(gt=0)] = 1.0
    """Waits between delivery attempts are divided by this."""
    auto_tagging_case: Literal["keep", "lower"] = "keep"
    """``keep`` assigns labels as the documentation shows them, ``lower`` lower-cases, as captured in 2022."""
    auto_tags_notified: tuple[Literal["upload", "explicit", "update"], ...] = ("update",)
    """Calls that send ``resource_tags_changed`` about the tags that their auto_tagging assigned at once, as an act of
    the calling key. The ``upload`` of upload and explicit lists them in any case. Not known: no document or capture
    says which calls do, nor as whose act.
    """
    update_sends_info: bool = False
    """Whether an update that categorizes at once sends ``info`` with its labels, as one that ends later does. Not
    known: the answer holds the labels, no document names a notification that does.
    """
    keep_on_overwrite: bool = False
    """Whether an overwriting upload keeps tags, context and metadata, a preference of the product environment; the
    sources of this and the next two are in ``simulator.overwriting``.
    """
    values_sent_on_overwrite: Literal["replace", "join"] = "replace"
    """Whether the values that such an upload sends stand in place of those kept, as documented, or join them."""
    kept_values_notified: bool = True
    """Whether the notification of such an upload lists what was kept, or what the call gave alone. Not known; the
    answer and an Admin read list all.
    """
    data_shape: Literal["documented", "flat", "nested"] = "documented"
    """How labels are listed: ``documented`` is a list in a list from upload and explicit, else flat."""
    tags_answer: Literal["found", "changed"] = "found"
    """Which ids the tags and context calls answer: the assets that exist, or only those that changed."""
    folder_mode: Literal["dynamic", "fixed"] = "dynamic"
    """Dynamic accounts show asset_folder and display_name; fixed ones folder and access_mode."""
    addons: tuple[str, ...] = PROVIDERS
    """Categorization add-ons that the account subscribes to."""
    addon_limit: Annotated[int, Meta(ge=0)] = 100_000
    """Categorizations that each add-on allows."""
    search_lag: Annotated[float, Meta(ge=0)] = 0.0
    """How many seconds after its upload the search finds an asset; the real index lags behind writes."""
    unauthorized_body: Literal["json", "html"] = "json"
    """What the Admin API answers to wrong credentials; the documentation says that HTML is a sign of them."""

    def changed(self, changes: dict[str, Any]) -> "Settings":
        """Return these with ``changes`` applied; raises ``msgspec.ValidationError`` naming the field."""
        return msgspec.convert({**msgspec.to_builtins(self), **changes}, Settings)
