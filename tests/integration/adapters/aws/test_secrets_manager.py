"""The secret: cached for its life, read again at most once a minute, and never quoted in an error."""

import json
import traceback
from typing import Any

import pytest
from botocore.stub import Stubber

from autotag.adapters.aws.secrets_manager import LIFE, PATIENCE, SecretsManager
from autotag.domain.errors import Retryable
from autotag.domain.notifications.credentials import Credentials
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import recorded_calls

VALUE: dict[str, Any] = {
    "cloud_name": "demo",
    "api_key": "222222222222222",
    "api_secret": "writer-test-secret",
    "notification_secrets": {"111111111111111": "notification-test-secret"},
    "writer_key_dedicated": True,
}


class Secret:
    """The stored secret, a clock that stands, and an adapter that caches."""

    def __init__(self, aws: Aws) -> None:
        self.client = aws.clients.secretsmanager
        self.id = self.client.create_secret(Name="cloudinary")["ARN"]  # as the template does: without a value
        self.time = 1_791_460_800_000
        self.adapter = SecretsManager(self.client, self.id, lambda: self.time)

    def put(self, value: object) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        self.client.put_secret_value(SecretId=self.id, SecretString=text)

    def read(self, *, newer: bool = False, after: float = 0) -> Credentials:
        self.time += round(after * 1000)
        return self.adapter.credentials(newer=newer)


@pytest.fixture
def secret(aws: Aws) -> Secret:
    return Secret(aws)


def test_the_document_becomes_credentials(secret: Secret) -> None:
    secret.put({**VALUE, "a_field_of_tomorrow": 1})
    assert secret.read() == Credentials(
        "demo",
        "222222222222222",
        "writer-test-secret",
        notification_secrets={"111111111111111": "notification-test-secret"},
        writer_key_dedicated=True,
    )


@pytest.mark.parametrize("known", [True, False, None])
def test_whether_tags_are_kept_on_overwrite_may_be_known_or_not(secret: Secret, known: bool | None) -> None:
    secret.put(VALUE)
    assert secret.read().keeps_tags is None
    secret.put({**VALUE, "keeps_tags": known})
    assert secret.read(after=LIFE).keeps_tags is known


def test_without_notification_secrets_the_key_signs_for_itself(secret: Secret) -> None:
    secret.put({name: VALUE[name] for name in ("cloud_name", "api_key", "api_secret")})
    assert secret.read().signing_secrets() == {"222222222222222": "writer-test-secret"}


def test_a_secret_is_asked_for_once_in_its_life(secret: Secret) -> None:
    secret.put(VALUE)
    with recorded_calls(secret.client, "GetSecretValue") as asked:
        for after in (0, 1, LIFE - 2):
            secret.read(after=after)
        assert len(asked) == 1
        secret.put({**VALUE, "api_key": "333"})
        assert secret.read(after=1).api_key == "333"
    assert len(asked) == 2


def test_a_mismatch_asks_again_at_most_once_a_minute(secret: Secret) -> None:
    secret.put(VALUE)
    secret.read()
    secret.put({**VALUE, "api_key": "333"})
    with recorded_calls(secret.client, "GetSecretValue") as asked:
        assert secret.read(newer=True, after=PATIENCE - 1).api_key == "222222222222222"
        assert asked == []
        assert secret.read(newer=True, after=1).api_key == "333"
        for _ in range(10):
            secret.read(newer=True, after=1)
    assert len(asked) == 1


def test_the_newest_is_read_at_once_or_not_answered(secret: Secret) -> None:
    secret.put(VALUE)
    secret.read()
    secret.put({**VALUE, "api_key": "333", "previous_api_keys": ["222222222222222"]})
    assert secret.adapter.credentials(newest=True).own_keys() == {"333", "222222222222222"}
    with Stubber(secret.client) as stub:
        down(stub, 1)
        with pytest.raises(Retryable):
            secret.adapter.credentials(newest=True)


def down(stub: Stubber, times: int) -> None:
    for _ in range(times):
        stub.add_client_error("get_secret_value", "InternalServiceError")


def test_a_store_that_is_down_is_bridged_within_the_life_and_no_longer(secret: Secret) -> None:
    secret.put(VALUE)
    known = secret.read()
    with Stubber(secret.client) as stub:
        down(stub, 3)
        assert secret.read(after=LIFE - 1) == known
        assert secret.read(newer=True) == known
        with pytest.raises(Retryable, match="Secrets Manager: InternalServiceError"):
            secret.read(after=1)
        with pytest.raises(Retryable):
            secret.read(newer=True)
    assert secret.read() == known


def test_forged_notifications_do_not_hammer_a_store_that_is_down(secret: Secret) -> None:
    secret.put(VALUE)
    secret.read()
    with recorded_calls(secret.client, "GetSecretValue") as asked, Stubber(secret.client) as stub:
        down(stub, 50)
        secret.time += PATIENCE * 1000
        for _ in range(50):
            secret.read(newer=True)
    assert len(asked) == 1


def test_a_store_that_is_down_at_the_start_gives_nothing(secret: Secret) -> None:
    with Stubber(secret.client) as stub:
        down(stub, 1)
        with pytest.raises(Retryable):
            secret.read()


def test_a_secret_without_a_value_yet_is_retryable(secret: Secret) -> None:
    with pytest.raises(Retryable, match="Secrets Manager: ResourceNotFoundException"):
        secret.read()
    secret.put(VALUE)
    assert secret.read().cloud_name == "demo"


HIDDEN = "hunter2"


@pytest.mark.parametrize(
    "value",
    [
        HIDDEN,
        f'{{"api_secret": "{HIDDEN}"',
        f'"{HIDDEN}"',
        [HIDDEN],
        {**VALUE, "api_secret": None, "api_key": HIDDEN},
        {**VALUE, "api_secret": [HIDDEN]},
        {**VALUE, "notification_secrets": HIDDEN},
        {**VALUE, "notification_secrets": {HIDDEN: 7}},
        {**VALUE, "notification_secrets": [{"secret": HIDDEN}]},
        {**VALUE, "writer_key_dedicated": HIDDEN},
        {**VALUE, "keeps_tags": HIDDEN},
        {name: HIDDEN for name in ("cloud_name", "api_key")},
        {**VALUE, "notification_secrets": {HIDDEN: ""}},
        {"cloud_name": HIDDEN, "api_key": HIDDEN, "api_secret": ""},
    ],
)
def test_a_malformed_secret_is_retryable_and_never_quoted(secret: Secret, value: object) -> None:
    secret.put(value)
    with pytest.raises(Retryable) as refused:
        secret.read()
    assert HIDDEN not in "".join(traceback.format_exception(refused.value))


def test_a_malformed_secret_is_bridged_like_a_store_that_is_down(secret: Secret) -> None:
    secret.put(VALUE)
    known = secret.read()
    secret.put("nonsense")
    assert secret.read(newer=True, after=PATIENCE) == known
    with pytest.raises(Retryable):
        secret.read(after=LIFE - PATIENCE)


def test_binary_is_no_secret(secret: Secret) -> None:
    secret.client.put_secret_value(SecretId=secret.id, SecretBinary=json.dumps(VALUE).encode())
    with pytest.raises(Retryable):
        secret.read()


def test_credentials_do_not_print_their_secrets(secret: Secret) -> None:
    secret.put(VALUE)
    shown = repr(secret.read()) + str(secret.read()) + f"{secret.read()}"
    assert "writer-test-secret" not in shown and "notification-test-secret" not in shown


def test_a_clock_that_was_set_back_keeps_no_old_value_alive(secret: Secret) -> None:
    secret.put(VALUE)
    secret.read()
    secret.put({**VALUE, "api_key": "333"})
    assert secret.read(after=-86400).api_key == "333"
    secret.put({**VALUE, "api_key": "444"})
    assert secret.read(newer=True, after=PATIENCE).api_key == "444"
