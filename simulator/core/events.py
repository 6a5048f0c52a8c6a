"""Types of notifications: those that this simulator sends, and all that a trigger may name."""

from typing import Literal, get_args

Event = Literal[
    "upload",
    "info",
    "delete",
    "rename",
    "move",
    "move_or_rename_asset_folder",
    "resource_tags_changed",
    "resource_context_changed",
    "resource_metadata_changed",
    "resource_display_name_changed",
]
"""Events on assets and folders that this simulator sends notifications of."""

EVENT_TYPES: tuple[str, ...] = (
    "all",
    *get_args(Event),
    "access_control_changed",
    "bulk_refresh_auto_fetch",
    "create_folder",
    "delete_by_token",
    "delete_folder",
    "eager",
    "error",
    "explode",
    "generate_archive",
    "invalidate_custom_cdn",
    "moderation",
    "moderation_summary",
    "multi",
    "proof_status_changed",
    "publish",
    "related_assets",
    "report",
    "restore_asset_version",
    "sprite",
)
"""The values that a trigger's ``event_type`` may have. No notification has a type that is not an ``Event``."""
