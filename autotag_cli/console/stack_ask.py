"""The function through which pages see a stack: requests to its ops function, with the operator's credentials."""

import threading
from collections.abc import Callable

from autotag.domain.errors import Conflict, Retryable
from autotag.service.operations.api import Request
from autotag_cli.errors import AccessDenied, ChangedMeanwhile, Failure
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Target, Transport
from autotag_console.ask import Denied


class StackAsk:
    """Asks one stack, from any thread.

    ``look_up`` finds the stack again when AWS refuses: credentials that expired are read anew, so that signing in again
    is enough. Raises as ``autotag_console.ask.Ask`` does.
    """

    def __init__(self, target: Target, post: Transport, look_up: Callable[[], Target]) -> None:
        self._client, self._post, self._look_up = OpsClient(target, post), post, look_up
        self._renewing = threading.Lock()

    def __call__(self, request: Request) -> bytes:
        """Return the answer to a request, in JSON."""
        client = self._client
        try:
            try:
                return client.answer(request)
            except AccessDenied as refused:
                return self._renewed(client, refused).answer(request)
        except AccessDenied as refused:
            raise Denied(str(refused)) from refused
        except ChangedMeanwhile as error:
            raise Conflict(str(error)) from error
        except Failure as error:
            raise Retryable(str(error)) from error

    def _renewed(self, refused_client: OpsClient, refused: AccessDenied) -> OpsClient:
        """Return a client with other credentials than those that were refused; raises ``AccessDenied`` if none are."""
        with self._renewing:
            if self._client is not refused_client:  # another thread was here
                return self._client
            try:
                target = self._look_up()
            except Failure as error:
                raise AccessDenied(f"{error}. Sign in to AWS again, then load this page again") from refused
            if target.keys == refused_client.target.keys:
                raise refused
            self._client = OpsClient(target, self._post)
            return self._client
