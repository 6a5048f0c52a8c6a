"""Each nasty request gets its one answer, whichever way Lambda delivers the body."""

import pytest

from tests.unit.handlers.webhook.webhook_corpus import CORPUS, Case
from tests.unit.handlers.webhook.webhook_requests import Webhook, post


@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_a_nasty_request_gets_its_answer(case: Case) -> None:
    ways = [True, False] if case.body.isascii() else [True]
    for encoded in ways:
        webhook = Webhook()
        answer = webhook.answer(post(case.body, case.headers, encoded=encoded))
        assert answer["statusCode"] == case.status, f"encoded: {encoded}"
        assert case.status in (200, 413) or webhook.queue.messages == []
