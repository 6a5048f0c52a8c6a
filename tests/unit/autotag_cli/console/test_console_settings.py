"""What the console is started with: where its pictures come from, the caller, whether a browser opens."""

from collections.abc import Mapping

import pytest

from autotag.domain.errors import Invalid
from autotag_cli.console.caller import UNKNOWN, caller_of
from autotag_cli.console.delivery import delivery_of
from autotag_cli.console.desktop import is_desktop
from autotag_cli.errors import Failure
from autotag_cli.stack.target import Reply
from autotag_console.pictures import Delivery
from autotag_console.settings import ConsoleSettings
from tests.unit.autotag_cli.run_command import TARGET, autotag

SHARED = "https://res.cloudinary.com"
ACCOUNT = "cloudinary://111:s3cret@demo"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, Delivery(SHARED, "")),
        ({"CLOUDINARY_CLOUD_NAME": "demo"}, Delivery(SHARED, "demo")),
        ({"CLOUDINARY_URL": ACCOUNT}, Delivery(SHARED, "demo", "s3cret")),
        (
            {"CLOUDINARY_CLOUD_NAME": "demo", "CLOUDINARY_API_KEY": "1", "CLOUDINARY_API_SECRET": "s"},
            Delivery(SHARED, "demo", "s"),
        ),
        (
            {"CLOUDINARY_URL": f"{ACCOUNT}?upload_prefix=http://127.0.0.1:8000"},
            Delivery("http://127.0.0.1:8000", "demo", "s3cret"),
        ),
        (
            {"CLOUDINARY_URL": f"{ACCOUNT}?upload_prefix=https://api-eu.cloudinary.com"},
            Delivery(SHARED, "demo", "s3cret"),
        ),
        (
            {"CLOUDINARY_URL": f"{ACCOUNT}?private_cdn=true"},
            Delivery("https://demo-res.cloudinary.com", "demo", "s3cret", private_cdn=True),
        ),
        (
            {"CLOUDINARY_URL": f"{ACCOUNT}/media.example.com"},
            Delivery("https://media.example.com", "demo", "s3cret", private_cdn=True),
        ),
        (
            {"CLOUDINARY_URL": f"{ACCOUNT}?secure_distribution=media.example.com"},
            Delivery("https://media.example.com", "demo", "s3cret"),
        ),
        (
            {"CLOUDINARY_URL": f"{ACCOUNT}?long_url_signature=true&sign_url=true"},
            Delivery(SHARED, "demo", "s3cret", long_signature=True, strict=True),
        ),
    ],
)
def test_pictures_come_from_the_account_in_the_environment(variables: dict[str, str], expected: Delivery) -> None:
    assert delivery_of(variables) == expected


@pytest.mark.parametrize("host", ["x;script-src *", "a/b", "a b", "https://media.example.com"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(Invalid, match="CLOUDINARY_URL: expected a host") as raised:
        delivery_of({"CLOUDINARY_URL": f"{ACCOUNT}?secure_distribution={host}"})
    assert "s3cret" not in str(raised.value)


def test_settings_show_no_secret() -> None:
    settings = ConsoleSettings("prod", Delivery(SHARED, "demo", "s3cret"), "t0ken", frozenset(), "c", "me")
    assert not {"s3cret", "t0ken"} & set(f"{settings!r} {settings.__rich_repr__()!r}".split("'"))
    assert "s3cret" not in repr(settings) and "t0ken" not in repr(settings)


def test_the_caller_is_the_one_that_sts_names() -> None:
    def post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        assert url == "https://sts.eu-west-1.amazonaws.com/" and body.startswith(b"Action=GetCallerIdentity")
        assert "/eu-west-1/sts/aws4_request" in headers["Authorization"]
        return Reply(200, b"<R><Arn>arn:aws:sts::1:assumed-role/team/ada</Arn></R>")

    assert caller_of(TARGET, post) == "arn:aws:sts::1:assumed-role/team/ada"


def test_a_caller_that_is_not_known_does_not_stop_the_console() -> None:
    def unreachable(*_: object) -> Reply:
        raise Failure("no network")

    assert caller_of(TARGET, unreachable) == UNKNOWN
    assert caller_of(TARGET, lambda *_: Reply(403, b"<Arn>arn:x</Arn>")) == UNKNOWN
    assert caller_of(TARGET, lambda *_: Reply(200, b"<Arn>arn:<script></Arn>")) == UNKNOWN


@pytest.mark.parametrize(
    ("variables", "platform", "opens"),
    [
        ({}, "darwin", True),
        ({}, "win32", True),
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "linux", False),
        ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "darwin", False),
    ],
)
def test_a_browser_opens_only_where_the_person_sits(variables: dict[str, str], platform: str, opens: bool) -> None:
    assert is_desktop(variables, platform) is opens


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--idle", "soon"), "--idle: expected a duration such as 8h or 30m, not 'soon'"),
        (("--idle", "0h"), "--idle: expected a duration such as 8h or 30m, not '0h'"),
        (("--port", "70000"), "--port: expected a whole number from 0 to 65535, not '70000'"),
        (("--stack", "none"), "stack: there is no 'none' in eu-west-1"),
    ],
)
def test_a_wrong_option_is_one_sentence(options: tuple[str, str], sentence: str) -> None:
    result = autotag("console", "--no-open", *options)
    assert result.exit_code == 2 and result.stderr.splitlines()[-1] == f"autotag: {sentence}"
