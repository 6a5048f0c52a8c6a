"""The template as it is written, and as AWS sees it once the SAM transform has been applied."""

import copy
from pathlib import Path
from typing import Any

import pytest
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from tests.infra.deployed import Template

PROJECT = Path(__file__).resolve().parents[2]


class _NoManagedPolicies:
    """Our functions bring roles of their own, so no managed policy has to be looked up in IAM."""

    def load(self) -> dict[str, str]:
        return {}


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    """The template as it is written."""
    parsed: dict[str, Any] = yaml_parse((PROJECT / "template.yaml").read_text("utf-8"))
    return parsed


@pytest.fixture(scope="session")
def template(source: dict[str, Any]) -> Template:
    """The template after the transform that AWS applies."""
    packaged = copy.deepcopy(source)
    packaged["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"  # what `sam package` puts there
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return Template(transform(packaged, {}, _NoManagedPolicies()))
