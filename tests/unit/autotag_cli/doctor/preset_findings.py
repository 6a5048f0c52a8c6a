"""What the doctor finds about upload presets."""

from typing import Any

from autotag_cli.cloudinary.upload_presets import Preset, PresetPage
from autotag_cli.doctor.checks import presets as preset_lines
from autotag_cli.setup.destinations import ALL
from tests.unit.autotag_cli.doctor.doctor_facts import NOBODY, trigger, well
from tests.unit.autotag_cli.fake_admin_account import HOOK

AWAY = "https://example.com/hook"


def page(more: bool = False, **settings_by_name: dict[str, Any]) -> PresetPage:
    return PresetPage([Preset(name, False, settings) for name, settings in settings_by_name.items()], more)


ADDITIVE = tuple(trigger(event, additive=True) for event in ALL)
PRESETS: list[Any] = [
    (preset_lines.categorizing, well(), "ok", "0; none categorizes", ""),
    (
        preset_lines.categorizing,
        well(presets=page(more=True, press={"categorization": "aws_rek_tagging"}, web={})),
        "ok",
        "2 or more; press with aws_rek_tagging categorizes",
        "",
    ),
    (
        preset_lines.categorizing,
        well(presets=page(press={"categorization": "aws_rek_tagging, imagga_tagging"}, web={})),
        "warn",
        "press with imagga_tagging",
        "or name them in the rules' providers",
    ),
    (preset_lines.categorizing, well(presets=NOBODY), "warn", "not known: somebody", ""),
    (preset_lines.categorizing, well(providers=NOBODY), "warn", "not known: somebody", ""),
    (preset_lines.notifying, well(), "ok", "no preset sends notifications elsewhere", ""),
    (preset_lines.notifying, well(presets=page(a={"notification_url": HOOK})), "ok", "no preset sends", ""),
    (
        preset_lines.notifying,
        well(presets=page(a={"notification_url": AWAY}, b={})),
        "warn",
        f"a to {AWAY}",
        "autotag setup --stack prod --additive",
    ),
    (
        preset_lines.notifying,
        well(presets=page(a={"notification_url": AWAY}), triggers=ADDITIVE),
        "ok",
        "the triggers are additive",
        "",
    ),
    (preset_lines.notifying, well(presets=NOBODY), "warn", "not known: somebody", ""),
    (preset_lines.notifying, well(triggers=NOBODY), "warn", "not known: it depends on the triggers", ""),
]
