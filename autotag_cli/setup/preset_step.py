"""The step that adds the rules' add-ons to an upload preset."""

from autotag.domain.errors import Missing
from autotag.domain.model.labels import ADDONS
from autotag_cli.cloudinary.upload_presets import Preset, UploadPresets, unsendable
from autotag_cli.setup.steps import SetupContext, SetupOptions, Step, state_of_change
from autotag_cli.stack.active_rules import active_providers

_CONSOLE = "Cloudinary Console, Settings, Upload presets"


def categorize_preset(context: SetupContext, options: SetupOptions, name: str) -> Step:
    """Add the add-ons of the active rules to the preset ``name``, and nothing else.

    Afterwards the preset is read again: the step fails if another setting is not as it was. Raises what the clients
    raise.
    """
    step, presets = f"preset {name}", UploadPresets(context.client)
    try:
        before = presets.fetch(name)
    except Missing:
        return Step(step, "failed", f"the account has no upload preset {name}", f"create it: {_CONSOLE}")
    wanted = before.with_add_ons(tuple(name for name in active_providers(context.ops) if name in ADDONS))
    if wanted.add_ons == before.add_ons:
        return Step(step, "unchanged", f"categorization: {_listed(before)}")
    change = f"categorization: {_listed(before)} -> {_listed(wanted)}"
    if fixed := unsendable(before.settings):
        finding = f"{change} was not stored: no call can send back {', '.join(fixed)} as it was read"
        return Step(step, "failed", finding, f"set categorization to {_listed(wanted)} there: {_CONSOLE}")
    if not options.dry_run:
        presets.store(wanted)
        after = presets.fetch(name)
        if changed := _differences(wanted, after):
            finding = f"{change}, but Cloudinary also changed {', '.join(changed)}"
            return Step(step, "failed", finding, f"set {', '.join(changed)} again: {_CONSOLE}")
    return Step(step, state_of_change(options), f"{change}; each upload with it uses a unit of each add-on")


def _differences(wanted: Preset, found: Preset) -> list[str]:
    """Return the names of what differs between two readings of a preset."""
    names = sorted({*wanted.settings, *found.settings} - {"categorization"})
    changed = [name for name in names if wanted.settings.get(name) != found.settings.get(name)]
    changed += ["categorization"] if set(wanted.add_ons) != set(found.add_ons) else []
    return changed + (["unsigned"] if wanted.unsigned != found.unsigned else [])


def _listed(preset: Preset) -> str:
    return ",".join(preset.add_ons) or "none"
