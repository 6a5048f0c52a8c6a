"""Calls that cost units, and how their answers are lost."""

from typing import Any

import requests

from tests.unit.autotag_cli.fake_account import FakeAccount
from tests.unit.autotag_cli.fake_cloudinary import RecordedCall

ASK = ("--categorization", "aws_rek_tagging")
NO_ANSWER = [requests.ConnectionError("gone"), requests.ReadTimeout("late")]


class Strict(FakeAccount):
    """Refuses to replace, and to categorize what is stored."""

    def _call(self, call: RecordedCall) -> tuple[int, dict[str, Any]]:
        if call.fields.get("overwrite") == "true" or (call.file is None and "categorization" in call.fields):
            return 400, {"error": {"message": "Too many tags"}}
        return super()._call(call)
