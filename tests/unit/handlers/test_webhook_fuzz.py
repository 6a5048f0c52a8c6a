"""Whatever is posted, the answer is one of the documented codes, and nothing that is not authentic is queued."""

import base64

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.samples import A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO
from tests.unit.handlers.door import NOW, Webhook, event, signed

EXAMPLES = 4 * (settings.default.max_examples if settings.default else 100)
DOCUMENTED = {200, 400, 401, 405, 413, 503}
SAMPLES = [A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sample with a piece cut out, repeated or replaced."""
    body = draw(st.sampled_from(SAMPLES))
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 40)))
    piece = draw(
        st.one_of(
            st.binary(max_size=8),
            st.sampled_from([b"", b"null", b"[]", b"{}", b'""', b"-1", b"1e400", b"NaN", b'"\\ud800"', b"[[[[", b"="]),
            st.just(body[start:end] * 2),
        )
    )
    return body[:start] + piece + body[end:]


BODIES = st.one_of(st.binary(max_size=200), st.sampled_from(SAMPLES), mutated())
HEADER_VALUES = st.one_of(st.text(max_size=70), st.sampled_from([str(NOW), "0" * 40, "f" * 64, "", ","]))
HEADERS = st.dictionaries(
    st.sampled_from(["x-cld-signature", "X-Cld-Signature", "x-cld-timestamp", "x-cld-signature_v2", "x-other"]),
    HEADER_VALUES,
)


@settings(max_examples=EXAMPLES)
@given(body=BODIES, headers=HEADERS, method=st.sampled_from(["POST", "POST", "POST", "GET", "", "PO ST"]))
def test_what_is_not_authentic_is_refused_and_never_queued(body: bytes, headers: dict[str, str], method: str) -> None:
    webhook = Webhook()
    answer = webhook.answer(event(method, headers, base64.b64encode(body).decode(), encoded=True))
    assert answer["statusCode"] in {401, 405}
    assert webhook.queue.messages == []


@settings(max_examples=EXAMPLES)
@given(body=BODIES, algorithm=st.sampled_from(["sha1", "sha256"]))
def test_whatever_is_authentic_gets_a_documented_answer(body: bytes, algorithm: str) -> None:
    webhook = Webhook()
    status = webhook.post(body, signed(body, algorithm=algorithm), encoded=True)
    assert status in {200, 400}
    assert status == 200 or webhook.queue.messages == []


@given(
    body=st.none() | st.text(max_size=100),
    encoded=st.booleans(),
    headers=st.none() | HEADERS,
    method=st.sampled_from(["POST", "GET"]),
)
def test_whatever_shape_the_event_has_the_answer_is_documented(
    body: str | None, encoded: bool, headers: dict[str, str] | None, method: str
) -> None:
    request = event(method, {}, body, encoded)
    answer = Webhook().answer({**request, "headers": headers})
    assert answer["statusCode"] in DOCUMENTED
    assert set(answer) == {"statusCode", "headers", "body"}
