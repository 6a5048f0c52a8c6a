"""Options and arguments: how their texts are read, and how help shows them.

Typer reads texts with Pydantic, whose import takes longer than any other part of a command's start. The types that
these commands use need none of it.
"""

import math
from collections.abc import Sequence
from typing import Any, get_args, get_origin

import typer
from typer.core import TyperArgument, TyperOption

_PLAIN = (str, int, float, bool)


class PlainValues:
    """Reads the texts of one parameter as ``type_``, a number from ``least`` to ``most`` (None: no bound)."""

    def __init__(self, type_: type, least: float | None, most: float | None) -> None:
        self._type, self._least, self._most = type_, least, most

    def coerce(self, value: Any, *, param: Any, ctx: Any) -> Any:
        """Return a value or a sequence of values as what they mean; raises ``BadParameter``."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if not several:
            return self._read(value, param, ctx)
        return tuple(self._read(each, param, ctx) for each in value)

    def _read(self, value: Any, param: Any, ctx: Any) -> Any:
        if self._type in (str, bool):
            return value
        try:
            number = self._type(value)
            finite = math.isfinite(number)
        except (ValueError, OverflowError):
            number, finite = 0, False
        too_low = self._least is not None and number < self._least
        too_high = self._most is not None and number > self._most
        if not finite or too_low or too_high:
            raise typer.BadParameter(f"expected {self.expected()}, not {str(value)!r}", ctx=ctx, param=param)
        return number

    def expected(self) -> str:
        """Return a phrase for what is accepted, such as ``a whole number from 1 to 32``."""
        kind = "a whole number" if self._type is int else "a number"
        if self._least is not None and self._most is not None:
            return f"{kind} from {self._least} to {self._most}"
        if self._least is not None:
            return f"{kind} of at least {self._least}"
        return kind if self._most is None else f"{kind} of at most {self._most}"


def _plain_values(param: Any) -> PlainValues | None:
    """Return how to read the texts of a parameter, None if its type is not one of ``_PLAIN``."""
    described = param.type_descriptor
    item: Any = described.annotation
    if get_origin(item) is list:
        (item,) = get_args(item)
    info = described.parameter_info
    if item not in _PLAIN or info.parser is not None or info.clamp:
        return None
    return PlainValues(item, info.min, info.max)


class PlainOption(TyperOption):
    """An option whose value is read without Pydantic."""

    def get_runtime_param(self) -> Any:
        """Return what reads the value."""
        return _plain_values(self) or super().get_runtime_param()

    def add_to_parser(self, parser: Any, ctx: Any) -> None:
        """Have a pair of switches, such as ``--tags-kept/--tags-cleared``, remember each time that it is given."""
        if not (self.is_bool_flag and self.secondary_opts):
            super().add_to_parser(parser, ctx)
            return
        for opts, const in ((self.opts, True), (self.secondary_opts, False)):
            parser.add_option(obj=self, opts=opts, dest=self.name, action="append_const", const=const)

    def consume_value(self, ctx: Any, opts: Any) -> Any:
        """Return the value and its source; raises ``BadParameter`` where both of a pair of switches are given."""
        given = opts.get(self.name)
        if self.is_bool_flag and isinstance(given, list):
            if len(set(given)) > 1 and not ctx.resilient_parsing:
                both = f"{max(self.opts, key=len)} and {max(self.secondary_opts, key=len)}"
                raise typer.BadParameter("expected one of the two", ctx=ctx, param_hint=both)
            opts = {**opts, self.name: given[-1]}
        return super().consume_value(ctx, opts)

    def display_type(self, ctx: Any) -> str:
        """Return the name of the value in help, where the option names none: N for a number, else the option's name."""
        if self.type_descriptor.annotation in (int, float):
            return "N"
        longest = max(self.opts, key=len)
        return longest.lstrip("-").replace("-", "_").upper()

    def _get_number_range_help_str(self) -> str | None:
        return _range_of(self)


class PlainArgument(TyperArgument):
    """An argument whose values are read without Pydantic."""

    def get_runtime_param(self) -> Any:
        """Return what reads the values."""
        return _plain_values(self) or super().get_runtime_param()

    def display_type(self, ctx: Any) -> str:
        """Return nothing: the argument's name says what it is."""
        return ""

    def get_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the argument as the usage line shows it, with brackets where it can be left out."""
        name = self.metavar or self.name.upper()
        return [name if self.required or name.startswith("[") else f"[{name}]"]


def _range_of(param: TyperOption) -> str | None:
    if param.metavar == "0..1" or (param.min is None and param.max is None):
        return None
    if param.min is not None and param.max is not None:
        return f"{param.min} to {param.max}"
    return f"at least {param.min}" if param.min is not None else f"at most {param.max}"


def make_plain(params: Sequence[Any]) -> None:
    """Let parameters that Typer made be read and shown as those of this module."""
    for param in params:
        if isinstance(param, TyperOption):
            param.__class__ = PlainOption
        elif isinstance(param, TyperArgument):
            param.__class__ = PlainArgument
