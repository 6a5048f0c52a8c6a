"""A CloudFormation template, as the tests of this folder read it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

OPERATORS = {"ViewFunction": "view", "ReviewFunction": "review", "OpsFunction": "operate"}
"""The functions for operators, with their access."""

FUNCTIONS = ("WebhookFunction", "IntakeFunction", "WorkerFunction", "PollerFunction", *OPERATORS, "ConsoleFunction")
QUEUES = {"Queue": "DeadLetterQueue", "BulkQueue": "BulkDeadLetterQueue"}
TABLES = ("StateTable", "HistoryTable")


def arn(name: str) -> dict[str, list[str]]:
    """Return how the template refers to the ARN of a resource."""
    return {"Fn::GetAtt": [name, "Arn"]}


def ref(name: str) -> dict[str, str]:
    """Return how the template refers to a resource or a parameter."""
    return {"Ref": name}


def resolved(document: dict[str, Any], conditions: Mapping[str, bool]) -> dict[str, Any]:
    """Return ``document`` as CloudFormation reads it where ``conditions`` have these values; others stay open."""
    resources = {
        name: each for name, each in document["Resources"].items() if conditions.get(each.get("Condition", ""), True)
    }
    chosen: dict[str, Any] = _choose({**document, "Resources": resources}, conditions)
    return chosen


def _choose(value: Any, conditions: Mapping[str, bool]) -> Any:
    match value:
        case {"Fn::If": [name, then, otherwise]} if name in conditions:
            return _choose(then if conditions[name] else otherwise, conditions)
        case {"Fn::If": [name, *branches]}:
            return {"Fn::If": [name, *(_choose(each, conditions) for each in branches)]}
        case dict():
            chosen = {key: _choose(each, conditions) for key, each in value.items()}
            return {key: each for key, each in chosen.items() if each != ref("AWS::NoValue")}
        case list():
            return [each for each in (_choose(each, conditions) for each in value) if each != ref("AWS::NoValue")]
    return value


def as_list(value: Any) -> list[Any]:
    """Return ``value`` as a list: IAM also accepts a single value in place of a list."""
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Template:
    """A template without any SAM resource."""

    document: dict[str, Any]

    def resource(self, name: str) -> dict[str, Any]:
        """Return one resource with its attributes, such as DeletionPolicy."""
        resource: dict[str, Any] = self.document["Resources"][name]
        return resource

    def properties(self, name: str) -> dict[str, Any]:
        """Return the properties of one resource."""
        properties: dict[str, Any] = self.resource(name).get("Properties", {})
        return properties

    def of_type(self, type_: str) -> dict[str, dict[str, Any]]:
        """Return the properties of every resource of a type, by name."""
        names = (name for name, resource in self.document["Resources"].items() if resource["Type"] == type_)
        return {name: self.properties(name) for name in names}

    def statements(self, function: str) -> Iterator[dict[str, Any]]:
        """Yield every policy statement of the role that a function runs as."""
        (role, attribute) = self.properties(function)["Role"]["Fn::GetAtt"]
        assert attribute == "Arn"
        assert not self.properties(role).get("ManagedPolicyArns"), "a managed policy is wider than ours"
        for policy in self.properties(role)["Policies"]:
            yield from policy["PolicyDocument"]["Statement"]

    def granted(self, function: str) -> set[tuple[str, str]]:
        """Return (action, resource) pairs that a function's role allows, the resource as text."""
        return {
            (action, _text(resource))
            for statement in self.statements(function)
            for action in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
        }


def _text(resource: Any) -> str:
    match resource:
        case {"Fn::GetAtt": [name, "Arn"]} | {"Ref": name}:
            return str(name)
        case {"Fn::Sub": text}:
            return str(text)
        case "*":
            return "*"
    raise AssertionError(f"a resource is written out: {resource}")
