"""The body of the dashboard, as CloudWatch reads it after the substitution."""

import json
import re
from typing import Any, NamedTuple

from tests.infra.cloudformation_template import Template

_VARIABLE = re.compile(r"\$\{([\w:.]+)\}")


class Metric(NamedTuple):
    """One metric of a widget; ``dimensions`` by name."""

    namespace: str
    name: str
    dimensions: dict[str, str]


def variables(template: Template) -> tuple[set[str], dict[str, Any]]:
    """Return what the body refers to by itself, and what its own table of values gives it."""
    text, values = template.properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    return set(_VARIABLE.findall(text)) - set(values), values


def body(template: Template, **pseudo: str) -> dict[str, Any]:
    """Return the body with the name of each variable in its place, or with the value that ``pseudo`` gives it."""
    text, _ = template.properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    known: dict[str, Any] = json.loads(_VARIABLE.sub(lambda found: pseudo.get(found[1], f"<{found[1]}>"), text))
    return known


def metrics(template: Template) -> list[Metric]:
    """Return each metric that a widget lists, without searches."""
    found = []
    for widget in body(template)["widgets"]:
        for row in widget["properties"].get("metrics", []):
            words = [each for each in row if isinstance(each, str)]
            if words:
                namespace, name, *pairs = words
                found.append(Metric(namespace, name, dict(zip(pairs[::2], pairs[1::2], strict=True))))
    return found
