"""Modes of categorization: what it returns and when, set per asset by the control API before the upload."""

from fnmatch import fnmatchcase
from typing import Annotated, Literal

from msgspec import Meta, Struct

Mode = Literal["complete", "info", "poll", "failed", "none", "not_subscribed", "quota_exhausted"]
_REFUSING = ("not_subscribed", "quota_exhausted")


class ModeRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A mode for assets whose public_id matches the glob ``public_id`` (``*`` also matches slashes).

    ``complete`` completes at once. ``info`` is pending, then complete after ``seconds`` with an info
    notification; ``poll`` is the same without a notification. ``failed`` fails with ``message`` at once or,
    with ``seconds``, is first pending and then failed with an info notification. ``none`` gives no
    categorization although one was requested. ``not_subscribed`` and ``quota_exhausted`` refuse the call;
    for ``*`` the usage call shows this too.
    Without ``provider`` the rule applies to every provider.
    """

    public_id: str
    mode: Mode
    provider: str | None = None
    seconds: Annotated[float, Meta(ge=0, le=86400)] = 0.0
    message: str = "Failed to process request"

    def __post_init__(self) -> None:
        if self.mode in ("complete", "none", *_REFUSING) and self.seconds:
            raise ValueError(f"mode {self.mode} takes no seconds")


_AT_ONCE = ModeRule("*", "complete")


class ModeRules:
    """The rules set so far. The latest that matches applies."""

    def __init__(self) -> None:
        self._rules: list[ModeRule] = []

    def put(self, rule: ModeRule) -> None:
        """Add ``rule``, and replace an earlier one for the same glob and provider."""
        replaced = (rule.public_id, rule.provider)
        self._rules = [other for other in self._rules if (other.public_id, other.provider) != replaced] + [rule]

    def rule_for(self, public_id: str, provider: str) -> ModeRule:
        """Return the rule for one categorization; without a match it completes at once."""
        for rule in reversed(self._rules):
            if rule.provider in (None, provider) and fnmatchcase(public_id, rule.public_id):
                return rule
        return _AT_ONCE

    def rule_for_all(self, provider: str) -> ModeRule:
        """Return the rule that applies to all assets, whatever their public_id."""
        return self.rule_for("", provider)

    def rules(self) -> list[ModeRule]:
        """Return the rules, earliest first."""
        return list(self._rules)

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()
