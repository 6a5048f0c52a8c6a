"""The template before and after the SAM transform."""

from typing import Any

import pytest

from tests.infra.cloudformation_template import Template
from tests.infra.sam_transform import read_template, transform_template


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    """The template before the transform."""
    return read_template()


@pytest.fixture(scope="session")
def template(source: dict[str, Any]) -> Template:
    """The template after the transform."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return Template(transform_template(source))
