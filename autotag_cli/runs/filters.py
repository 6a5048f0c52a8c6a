"""The selection of the assets that a command works on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, get_args

from autotag.domain.errors import Invalid
from autotag.domain.state.asset_state import Status
from autotag_cli.input.option_text import listed_names

MAX_NAMED = 1000
"""The highest number of assets that can be named one by one."""

_AT_ONCE = 8


class StateSource(Protocol):
    """A source of the states of assets."""

    def show(self, asset: str) -> dict[str, Any]:
        """Return the state of an asset, named by its asset_id or public_id."""
        ...


class RuleSource(Protocol):
    """A source of the active rules."""

    def rules(self, *, text: bool = False) -> dict[str, Any]:
        """Return the active rules."""
        ...


def check_names(assets: Sequence[str] | None) -> tuple[str, ...]:
    """Return the given names. Raises ``Invalid`` if they are too many for one run."""
    if assets and len(assets) > MAX_NAMED:
        raise Invalid(
            "ASSET", f"expected at most {MAX_NAMED:,}, not {len(assets):,}: select them with --folder or another option"
        )
    return tuple(assets or ())


def parse_statuses(names: Sequence[str] | None) -> tuple[Status, ...]:
    """Return the given statuses. Raises ``Invalid`` for an unknown one."""
    by_name: dict[str, Status] = {status: status for status in get_args(Status)}
    given = listed_names(names or ())
    for name in given:
        if name not in by_name:
            raise Invalid("--status", f"expected one of {', '.join(by_name)}, not {name!r}")
    if names and not given:
        raise Invalid("--status", f"expected one of {', '.join(by_name)}")
    return tuple(by_name[name] for name in given)


def non_empty(option: str, text: str | None) -> str:
    """Return ``text``, or "" for None. Raises ``Invalid`` if it is empty, which would select everything."""
    if text is not None and not text.strip("/"):
        raise Invalid(option, "must not be empty; leave it out to select everything")
    return text or ""


def parse_rules_older_than(rules: RuleSource, text: str | None) -> int:
    """Return the seq of the rules that ``text`` names, ``active`` or a number; 0 for None. Raises ``Invalid``."""
    if text is None:
        return 0
    if text != "active":
        if not (text.isascii() and text.isdecimal() and int(text)):
            raise Invalid("--rules-older-than", f"expected active, or a seq from autotag rules active, not {text!r}")
        return int(text)
    seq = int(rules.rules()["active"]["seq"])
    if not seq:
        raise Invalid("--rules-older-than", "rules were never pushed to this stack, so none are older")
    return seq


def asset_ids(ops: StateSource, assets: Sequence[str]) -> tuple[str, ...]:
    """Return the asset_ids. Raises ``Missing`` if an asset was never seen, ``Invalid`` if several have its name."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(dict.fromkeys(str(state["asset"]["asset_id"]) for state in pool.map(ops.show, assets)))
