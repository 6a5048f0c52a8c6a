"""Checks of rules about providers: those that do not count, and settings that the others cannot fulfill."""

from collections.abc import Iterator

from autotag.domain.model.labels import REKOGNITION, can_label
from autotag.domain.rules.checks.locations import DEFAULTS, block
from autotag.domain.rules.schema import ProviderRule, Rules
from autotag.domain.rules.validation.problems import ROOT, Diagnostic, Location, error, warning

_PROVIDERS = DEFAULTS.key("providers")
_LABELED: tuple[str, ...] = ("image", "video")
"""The types of assets that providers label: each provider one of them."""


def check_providers(rules: Rules) -> Iterator[Diagnostic]:
    """Yield rules for providers that do not count or say nothing, and what no provider that counts can fulfill."""
    known = frozenset(rules.defaults.providers)
    for name, rule in rules.providers.items():
        location = ROOT.key("providers").entry(name)
        if rule == ProviderRule():
            yield warning(location, "a rule that says nothing", f"one of {', '.join(ProviderRule.__struct_fields__)}")
        elif name not in known:
            found = f"a rule for a provider that {_PROVIDERS.text} leaves out"
            yield warning(location, found, f"one of {', '.join(rules.defaults.providers)}", _PROVIDERS)
    asked: list[tuple[Location, int, tuple[str, ...]]] = [(DEFAULTS.key("agree"), rules.defaults.agree, _LABELED)]
    asked += [
        (block(i).key("set").key("agree"), when.set.agree or 1, when.resource_type or _LABELED)
        for i, when in enumerate(rules.when)
    ]
    for location, number, types in asked:
        most = max(sum(can_label(name, type_) for name in known) for type_ in types)
        if number > len(known):
            expected = f"at most {len(known)}, as many as {_PROVIDERS.text} names"
            yield error(location, str(number), expected, _PROVIDERS)
        elif number > most > 0:
            expected = f"at most {most}, as many of {_PROVIDERS.text} as return labels of one {' or '.join(types)}"
            yield error(location, str(number), expected, _PROVIDERS)
    chosen = [(DEFAULTS, rules.defaults.ancestors)]
    chosen += [(block(i).key("set"), when.set.ancestors or "keep") for i, when in enumerate(rules.when)]
    for table, choice in chosen if REKOGNITION not in known else ():
        if choice != "keep":
            expected = f"{REKOGNITION} in {_PROVIDERS.text}, whose own answers alone name ancestors"
            yield warning(table.key("ancestors"), f'"{choice}"', expected, _PROVIDERS)
