"""Creation of many assets at once, as a library that existed before, for runs over thousands of assets."""

import hashlib
import secrets
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from simulator.assets.assets import Asset, Categorization, Label
from simulator.assets.labels import labels_of
from simulator.core.providers import PROVIDERS
from simulator.environment import Environment
from simulator.files.generated_picture import GENERATED_FORMATS, generated_picture
from simulator.notifications.destinations import Cause


class Seed(Struct, frozen=True, forbid_unknown_fields=True):
    """A request for ``count`` assets named ``prefix`` plus a number that starts at ``first``.

    They are in ``asset_folder`` (the root), in fixed folder mode in the path of their public_id.

    Assets that have such a name already are overwritten. The same seed always gives the same labels; ``variety``
    is the number of different sets of labels. ``labels`` gives every asset the same labels instead. With empty
    ``providers`` the assets were never categorized. ``spread_seconds`` is how long the uploads took. Their
    ``notifications`` are sent, lost, or sent ``delay_seconds`` later.
    """

    count: Annotated[int, Meta(ge=1, le=200_000)]
    prefix: str = "seed/"
    first: Annotated[int, Meta(ge=0)] = 1
    asset_folder: str = ""
    tags: tuple[str, ...] = ()
    context: dict[str, str] = {}
    providers: tuple[str, ...] = ("aws_rek_tagging",)
    labels: tuple[Label, ...] = ()
    variety: Annotated[int, Meta(ge=1, le=10_000)] = 100
    spread_seconds: Annotated[float, Meta(ge=0)] = 0.0
    notifications: Literal["sent", "lost", "delayed"] = "lost"
    delay_seconds: Annotated[float, Meta(ge=0, le=86400)] = 0.0

    def __post_init__(self) -> None:
        unknown = [name for name in self.providers if name not in PROVIDERS]
        if unknown:
            raise ValueError(f"unknown provider {unknown[0]}")
        if (self.notifications == "delayed") != (self.delay_seconds > 0):
            raise ValueError("delayed notifications need delay_seconds above 0, others must not have it")


def create_assets(environment: Environment, seed: Seed) -> list[Asset]:
    """Create the assets, notify as the seed says, and return the assets."""
    now = environment.clock.now()
    assets = [
        _asset(environment, seed, seed.first + index, now - seed.spread_seconds * (1 - (index + 1) / seed.count))
        for index in range(seed.count)
    ]
    environment.store.save_all(assets)
    cause = Cause("api", environment.account.oldest_key, secrets.token_hex(16))

    def notify() -> None:
        for asset in assets:
            environment.notifier.uploaded(asset, cause)

    if seed.notifications == "sent":
        notify()
    elif seed.notifications == "delayed":
        environment.background.call_later(seed.delay_seconds, notify)
    return assets


def _asset(environment: Environment, seed: Seed, number: int, at: float) -> Asset:
    public_id = f"{seed.prefix}{number:06d}"
    before = environment.store.find(("image", "upload", public_id))
    is_fixed = environment.settings.current.folder_mode == "fixed"
    digest = hashlib.sha256(f"{seed.prefix}{number % seed.variety}".encode()).hexdigest()
    format_ = GENERATED_FORMATS[number % len(GENERATED_FORMATS)]
    width, height = 64 + int(digest[6:8], 16), 48 + int(digest[8:10], 16)
    picture = generated_picture(digest, format_, width, height)
    asset = Asset(
        asset_id=before.asset_id if before else secrets.token_hex(16),
        public_id=public_id,
        resource_type="image",
        type="upload",
        version=max(int(at), before.version + 1 if before else 0),
        version_id=secrets.token_hex(16),
        created_at=at,
        bytes=len(picture),
        digest=digest,
        etag=hashlib.md5(picture, usedforsecurity=False).hexdigest(),
        format=format_,
        width=width,
        height=height,
        original_filename=f"{number:06d}",
        asset_folder=public_id.rpartition("/")[0] if is_fixed else seed.asset_folder,
        display_name=f"{number:06d}",
        tags=tuple(dict.fromkeys(seed.tags)),
        context=seed.context,
    )
    results = {name: Categorization("complete", seed.labels or labels_of(asset, name)) for name in seed.providers}
    return replace(asset, categorization=results)
