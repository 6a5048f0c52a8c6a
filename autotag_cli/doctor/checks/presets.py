"""Checks of upload presets: the add-ons that they categorize with, and where they send notifications."""

from autotag.domain.sentences.operations.result import Result, Unknown, unknown
from autotag_cli.cloudinary.upload_presets import Preset
from autotag_cli.doctor.facts import Facts
from autotag_cli.setup.destinations import same_destination
from autotag_cli.setup.trigger_plan import points_to

_CONSOLE = "Cloudinary Console, Settings, Upload presets"


def categorizing(facts: Facts) -> Result:
    """Check that no preset categorizes with an add-on whose labels the rules do not use: its units buy nothing."""
    name = "presets"
    if isinstance(facts.presets, Unknown):
        return unknown(name, facts.presets)
    if isinstance(facts.providers, Unknown):
        return unknown(name, facts.providers)
    others = {preset.name: _listed(preset, facts.providers) for preset in facts.presets.presets}
    if unused := [f"{preset} with {add_ons}" for preset, add_ons in others.items() if add_ons]:
        finding = f"some categorize with add-ons whose labels the rules do not use: {', '.join(unused)}"
        return Result(name, "warn", finding, f"remove them there, or name them in the rules' providers: {_CONSOLE}")
    used = [f"{preset.name} with {','.join(preset.add_ons)}" for preset in facts.presets.presets if preset.add_ons]
    count = f"{len(facts.presets.presets)}{' or more' if facts.presets.more else ''}"
    return Result(name, "ok", f"{count}; {', '.join(used) if used else 'none'} {_verb(used)}")


def notifying(facts: Facts) -> Result:
    """Check that uploads with a preset are reported to this stack.

    A preset's ``notification_url`` replaces the trigger of the upload, unless the trigger is additive (Cloudinary's
    documentation of notifications).
    """
    name = "preset notifications"
    if isinstance(facts.presets, Unknown):
        return unknown(name, facts.presets)
    if isinstance(facts.triggers, Unknown) or isinstance(facts.destinations, Unknown):
        return unknown(name, Unknown("it depends on the triggers"))
    here = [destination.uri for destination in facts.destinations]
    uploads = [t for t in facts.triggers if t.event_type in ("upload", "all") and points_to(t, here)]
    if uploads and all(trigger.additive for trigger in uploads):
        return Result(name, "ok", "the triggers are additive, so a preset's notification_url replaces none")
    away = [preset for preset in facts.presets.presets if _leads_away(preset, here)]
    if away:
        listed = ", ".join(f"{preset.name} to {preset.notification_url}" for preset in away)
        finding = f"uploads with these presets are not reported to this stack, but only elsewhere: {listed}"
        return Result(name, "warn", finding, facts.setup_command(" --additive"))
    return Result(name, "ok", "no preset sends notifications elsewhere")


def _listed(preset: Preset, providers: tuple[str, ...]) -> str:
    return ",".join(name for name in preset.add_ons if name not in providers)


def _leads_away(preset: Preset, here: list[str]) -> bool:
    url = preset.notification_url
    return bool(url) and not any(same_destination(url, each) for each in here)


def _verb(used: list[str]) -> str:
    return "categorize" if len(used) > 1 else "categorizes"
