"""The doctor's calls to Cloudinary: single calls without a retry, with the rate limit and the time of the answer."""

from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from autotag.adapters.cloudinary.http import rate_limit_of
from autotag.domain.errors import AutotagError, Invalid, Missing
from autotag.domain.model.health import RateLimit
from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.responses import Refused
from autotag_cli.doctor.facts import PingResult
from autotag_cli.stack.environment import Environment


class Caller:
    """A client of one account without retries; ``limits`` and ``ahead`` are as last reported by an answer.

    ``ahead`` is by how many seconds Cloudinary's clock is ahead of this machine's.
    """

    def __init__(self, environment: Environment, account: Account) -> None:
        self._environment, self._base = environment, account.api_base
        adapter = environment.cloudinary or HTTPAdapter()  # a used-up limit is a finding here, nothing to wait for
        self.client = CloudinaryClient(account, adapter=adapter, on_answer=self._note)
        self.limits: RateLimit | None = None
        self.ahead: float | None = None

    def ping(self) -> PingResult:
        """Return the result of a ping with the credentials."""
        try:
            self.get("ping")
        except AutotagError as error:
            return PingResult(self._base, _status(error), str(error))
        return PingResult(self._base)

    def get(self, path: str) -> dict[str, Any]:
        """Return the answer of the Admin API; raises what the client raises."""
        return self.client.admin("GET", path)

    def _note(self, answer: requests.Response) -> None:
        self.limits = rate_limit_of(answer.headers) or self.limits
        try:
            date = parsedate_to_datetime(answer.headers["Date"])
        except (KeyError, ValueError):
            return
        self.ahead = date.timestamp() - self._environment.now()


def _status(error: AutotagError) -> int | None:
    match error:
        case Refused(status=status):
            return status
        case Invalid():
            return 400
        case Missing():
            return 404
    return None
