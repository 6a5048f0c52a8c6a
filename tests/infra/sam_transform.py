"""The template as AWS sees it, after the SAM transform.

``python -m tests.infra.sam_transform`` prints it as JSON, for `make scan`.
"""

import copy
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"


class _NoManagedPolicies:
    """An empty list of managed policies: all functions have roles of their own, so none is looked up in IAM."""

    def load(self) -> dict[str, str]:
        return {}


@cache
def read_template() -> dict[str, Any]:
    """Return the template before the transform; callers must not change it, since all share it."""
    parsed: dict[str, Any] = yaml_parse(TEMPLATE.read_text("utf-8"))
    return parsed


def transform_template(source: dict[str, Any]) -> dict[str, Any]:
    """Return ``source`` after the transform; the environment names a region."""
    packaged = copy.deepcopy(source)
    packaged["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"  # what `sam package` puts there, as into the next
    for resource in packaged["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = "s3://bucket/layer"
    document: dict[str, Any] = transform(packaged, {}, _NoManagedPolicies())
    for name, skips in source["Metadata"]["checkov"].items():  # checkov looks for them at the resource alone
        document["Resources"][name].setdefault("Metadata", {})["checkov"] = {"skip": skips}
    return document


if __name__ == "__main__":
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    json.dump(transform_template(read_template()), sys.stdout, indent=2)
