"""Edits of thresholds, review bars and denied labels in the text of a rules file."""

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.labels import Provider, label_key
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import LabelRule, ProviderRule, Rules
from autotag.domain.rules.validation.problems import quoted
from autotag.domain.rules_text.lists import add_item
from autotag.domain.rules_text.settings import Edit, Setting, apply, entries_of, toml_text, with_settings

_DEFAULTS = ("defaults",)


def set_bars(text: str, label: str, *, threshold: float | None = None, review: float | None = None) -> str:
    """Return the rules in ``text`` with these bars (0 to 1) of ``label``; with ``label`` "", those of ``[defaults]``.

    A label has no review bar of its own in the rules language: ``review`` goes with the label "".
    Raises ``Invalid`` if ``text`` is no valid rules file, has a fault with these bars, or cannot be edited.
    """
    if label and review is not None:
        raise Invalid(f"labels.{quoted(label)}.review", "only [defaults] and [[when]] have a review bar")
    bars = {key: value for key, value in (("threshold", threshold), ("review", review)) if value is not None}
    if label:
        return with_thresholds(text, {label: threshold} if threshold is not None else {})

    def defaults(rules: Rules) -> Rules:
        return replace(rules, defaults=replace(rules.defaults, **bars))

    return _edited(text, defaults, [Setting(_DEFAULTS, key, repr(value)) for key, value in bars.items()])


def set_provider_bars(text: str, thresholds: Mapping[Provider, float]) -> str:
    """Return the rules in ``text`` with ``thresholds`` of providers (0 to 1), in place of their present ones.

    Raises ``Invalid`` like ``set_bars``.
    """

    def providers(rules: Rules) -> Rules:
        own = {
            name: replace(rules.providers.get(name, ProviderRule()), threshold=bar) for name, bar in thresholds.items()
        }
        return replace(rules, providers={**rules.providers, **own})

    settings = [Setting(("providers", name), "threshold", repr(threshold)) for name, threshold in thresholds.items()]
    return _edited(text, providers, settings)


def with_thresholds(text: str, thresholds: Mapping[str, float]) -> str:
    """Return the rules in ``text`` with ``thresholds``, by the names of labels, in place of the labels' present ones.

    Raises ``Invalid`` like ``set_bars``.
    """

    def labels(rules: Rules) -> Rules:
        return _with_thresholds(rules, thresholds)

    settings = [Setting(("labels", name), "threshold", repr(threshold)) for name, threshold in thresholds.items()]
    return _edited(text, labels, settings)


def deny_label(text: str, label: str) -> str:
    """Return the rules in ``text`` with ``label`` in ``defaults.deny``; as they are if it is denied already.

    Raises ``Invalid`` like ``set_bars``.
    """
    rules, plain = parse_rules(text), text.removeprefix("\ufeff")
    if label_key(label) in map(label_key, rules.defaults.deny):
        return plain

    def denied(rules: Rules) -> Rules:
        return replace(rules, defaults=replace(rules.defaults, deny=(*rules.defaults.deny, label)))

    for entry in entries_of(plain):
        if entry.steps == (*_DEFAULTS, "deny") and entry.value is not None:
            at, added = add_item(plain, entry.value, toml_text(label))
            return _edited(text, denied, (), [Edit(at, at, added)])
    return _edited(text, denied, [Setting(_DEFAULTS, "deny", f"[{toml_text(label)}]")])


def _edited(
    text: str, change: Callable[[Rules], Rules], settings: Iterable[Setting], edits: Iterable[Edit] = ()
) -> str:
    """Return the edited ``text``, which says what ``change`` makes of its rules."""
    expected = change(parse_rules(text))
    edited = apply(with_settings(text.removeprefix("\ufeff"), settings), edits)
    try:
        if parse_rules(edited) == expected:
            return edited
    except Invalid as error:
        raise Invalid("rules", f"the text with this change is not valid ({error})") from error
    raise Invalid("rules", "the text cannot be edited: enter the change by hand")


def _with_thresholds(rules: Rules, thresholds: Mapping[str, float]) -> Rules:
    spelled = {label_key(name): name for name in rules.labels}
    labels = dict(rules.labels)
    for name, threshold in thresholds.items():
        name = spelled.get(label_key(name), name)
        labels[name] = replace(labels.get(name, LabelRule()), threshold=threshold)
    return replace(rules, labels=labels)
