"""The template's parameters, and the check of names and values before anything is built: pure functions."""

import difflib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from deploy.errors import DeployError

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_ARN = re.compile(r"arn:([a-z-]+):[a-z0-9-]*:([a-z0-9-]*):")


class Parameter(NamedTuple):
    """A parameter of the template; ``expected`` says in words what ``pattern`` matches."""

    name: str
    default: str
    number: bool = False
    least: int | None = None
    most: int | None = None
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    expected: str = ""

    def fault(self, value: str) -> str:
        """Return what is expected instead of ``value``, "" if it is valid."""
        if self.allowed:
            return "" if value in self.allowed else f"one of {', '.join(self.allowed)}"
        if self.number:
            return "" if self._is_in_range(value) else f"a whole number{self._range()}"
        if self.pattern and not re.fullmatch(self.pattern, value):
            return self.expected or f"a value that matches {self.pattern}"
        return ""

    def _is_in_range(self, value: str) -> bool:
        if not _WHOLE.fullmatch(value):
            return False
        low = self.least if self.least is not None else int(value)
        high = self.most if self.most is not None else int(value)
        return low <= int(value) <= high

    def _range(self) -> str:
        least = f" from {self.least:,}" if self.least is not None else ""
        return f"{least} to {self.most:,}" if self.most is not None else least


Parameters = Mapping[str, Parameter]


def parameters_of(template: Mapping[str, Any]) -> dict[str, Parameter]:
    """Return the parameters of a template by their names."""
    return {name: _parameter(name, declared) for name, declared in template["Parameters"].items()}


def check_values(parameters: Parameters, values: Mapping[str, str], where: str) -> None:
    """Raise ``DeployError`` for the first name or value in ``where`` that the template does not know or allow."""
    for name, value in values.items():
        if name not in parameters:
            close = difflib.get_close_matches(name, parameters, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else "docs/operations.md, Settings, lists them"
            raise DeployError(f"{where}: the template has no parameter {name!r}; {hint}")
        if expected := parameters[name].fault(value):
            raise DeployError(f"{where}: {name}={value!r} is not valid; expected {expected}")


def check_place(values: Mapping[str, str], partition: str, region: str, where: str) -> None:
    """Raise ``DeployError`` if a value is an ARN of another partition, such as ``aws-cn``, or of another region.

    An alarm notifies topics of its own region alone, and a KMS key encrypts there alone. ARNs of IAM have no region.
    """
    for name, value in values.items():
        arn = _ARN.match(value)
        if arn and arn[1] != partition:
            raise DeployError(f"{where}: {name} is an ARN of {arn[1]}; expected one of {partition}, where this deploys")
        if arn and arn[2] not in ("", region):
            raise DeployError(f"{where}: {name} is an ARN of {arn[2]}; expected one of {region}, where this deploys")


def _parameter(name: str, declared: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name,
        str(declared["Default"]),
        declared["Type"] == "Number",
        declared.get("MinValue"),
        declared.get("MaxValue"),
        tuple(str(value) for value in declared.get("AllowedValues", ())),
        declared.get("AllowedPattern", ""),
        declared.get("ConstraintDescription", ""),
    )
