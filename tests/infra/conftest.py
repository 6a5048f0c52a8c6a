"""The template before and after the SAM transform."""

from typing import Any

import pytest

from tests.infra.cloudformation_template import Template, resolved
from tests.infra.sam_transform import read_template, transform_template


@pytest.fixture(scope="session")
def source() -> dict[str, Any]:
    """The template before the transform."""
    return read_template()


OFF = ("LooksForListeners", "HasExport", "RekognitionOn", "RekognitionFromS3")
"""What is off in the template with its defaults."""
COMPANY_RULES = ("HasBoundary", "HasKey", "Traces", "HasAlarmEmail", "HasAlarmTopic")


@pytest.fixture(scope="session")
def transformed(source: dict[str, Any]) -> dict[str, Any]:
    """The template after the transform."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        return transform_template(source)


@pytest.fixture(scope="session")
def template(transformed: dict[str, Any]) -> Template:
    """The template after the transform, with the defaults of what a company may prescribe."""
    return Template(resolved(transformed, dict.fromkeys((*COMPANY_RULES, *OFF), False)))


@pytest.fixture(scope="session")
def detecting(transformed: dict[str, Any]) -> Template:
    """The same with Rekognition, which looks at originals in a bucket."""
    off = dict.fromkeys((*COMPANY_RULES, *OFF), False)
    return Template(resolved(transformed, {**off, "RekognitionOn": True, "RekognitionFromS3": True}))


@pytest.fixture(scope="session")
def company(transformed: dict[str, Any]) -> Template:
    """The same with a boundary, a key, traces, and alarms by email and to a topic."""
    return Template(resolved(transformed, {**dict.fromkeys(COMPANY_RULES, True), **dict.fromkeys(OFF, False)}))


@pytest.fixture(scope="session")
def listening(transformed: dict[str, Any]) -> Template:
    """The same as ``template`` with Events=when_listened."""
    return Template(resolved(transformed, {**dict.fromkeys((*COMPANY_RULES, *OFF), False), "LooksForListeners": True}))


@pytest.fixture(scope="session")
def exporting(transformed: dict[str, Any]) -> Template:
    """The same as ``template`` with Export=on."""
    return Template(resolved(transformed, {**dict.fromkeys((*COMPANY_RULES, *OFF), False), "HasExport": True}))


@pytest.fixture(scope="session")
def exporting_company(transformed: dict[str, Any]) -> Template:
    """The same as ``company`` with Export=on."""
    return Template(resolved(transformed, {**dict.fromkeys(COMPANY_RULES, True), "LooksForListeners": False}))
