"""The doctor's line about Rekognition: facts, and the state, finding and fix that are expected."""

from typing import Any

from autotag_cli.doctor.checks.rekognition import rekognition
from autotag_cli.doctor.facts import Facts
from tests.unit.autotag_cli.doctor.doctor_facts import HEALTH, NOBODY, WELL, well
from tests.unit.autotag_cli.fake_admin_account import NOW

NAMED = ("aws_rek_tagging", "rekognition")


def asking(source: str = "url", *, providers: tuple[str, ...] = NAMED, bucket: str = "", **usage: Any) -> Facts:
    """Return facts of a stack that may ask Rekognition, and what it has used."""
    settings = {**HEALTH["settings"], "rekognition": source, "originals_bucket": bucket}
    used = {"used": 12, "cap": 1000, "model": "3.0", "earlier": "", "since": 0} | usage
    health = {**HEALTH, "settings": settings, "detection": used}
    return well(health=health, providers=providers, stack="autotag")


CHANGED: dict[str, Any] = {"model": "3.1", "earlier": "3.0", "since": round(NOW * 1000) - 86_400_000}

REKOGNITION: list[tuple[Any, Facts, str, str, str]] = [
    (rekognition, WELL, "ok", "it is not asked", ""),
    (rekognition, asking(), "ok", "12 of 1,000 calls of this day (UTC) are used, source url, label model 3.0", ""),
    (
        rekognition,
        asking("off"),
        "warn",
        "the stack does not ask it (Rekognition=off)",
        "make deploy SET=Rekognition=url",
    ),
    (rekognition, asking(providers=("aws_rek_tagging",)), "warn", "the rules do not name it", "SET=Rekognition=off"),
    (rekognition, asking("s3"), "warn", "no bucket is named", "SET=OriginalsBucket=BUCKET"),
    (rekognition, asking("s3", bucket="b"), "ok", "source s3", ""),
    (rekognition, asking(used=1000), "warn", "images wait until midnight", "SET=DetectPerDay=NUMBER"),
    (rekognition, asking(used=0, cap=0), "warn", "it is not asked (Rekognition=url, DetectPerDay=0)", "DetectPerDay="),
    (rekognition, asking(**CHANGED), "warn", "label model 3.1 answers since", "docs/operations.md"),
    (rekognition, asking(**CHANGED | {"since": 1}), "ok", "label model 3.1", ""),
    (rekognition, well(health=NOBODY), "warn", "not known: somebody is down", ""),
    (rekognition, well(providers=NOBODY), "warn", "not known: somebody is down", ""),
]
