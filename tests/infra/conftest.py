"""The template as it is written, and as AWS sees it once the SAM transform has been applied."""

from typing import Any

import pytest

from tests.infra.cloudformation_template import Template
from tests.infra.sam_transform import transformed, written


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    """The template as it is written."""
    return written()


@pytest.fixture(scope="session")
def template(source: dict[str, Any]) -> Template:
    """The template after the transform that AWS applies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return Template(transformed(source))
