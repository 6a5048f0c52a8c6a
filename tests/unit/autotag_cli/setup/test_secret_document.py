"""What is put into the stack's secret, and what is kept of what was there."""

import json
from typing import Any

import msgspec
import pytest

from autotag.domain.errors import Invalid
from autotag.domain.notifications.credentials import Credentials
from autotag_cli.cloudinary.account import Account
from autotag_cli.errors import Failure
from autotag_cli.setup.secret_document import compose_document, read, signing_keys, signing_secrets
from tests.unit.autotag_cli.fake_stack import DOCUMENT

ACCOUNT = Account("demo", "222", "writer")
OWN = {"cloud_name": "demo", "api_key": "222", "api_secret": "writer"}


@pytest.mark.parametrize(
    ("current", "wanted"),
    [
        ({}, OWN),
        (OWN, OWN),
        (DOCUMENT, DOCUMENT),
        (OWN | {"api_secret": "old"}, OWN),
        (OWN | {"more": 1}, OWN | {"more": 1}),
        (OWN | {"keeps_tags": True}, OWN | {"keeps_tags": True}),
        (OWN | {"keeps_tags": None}, OWN | {"keeps_tags": None}),
        (OWN | {"keeps_tags": "yes"}, OWN),
        (
            DOCUMENT | {"api_key": "333", "api_secret": "x"},
            {name: value for name, value in DOCUMENT.items() if name != "writer_key_dedicated"}
            | {"previous_api_keys": ["333"]},
        ),
        (OWN | {"notification_secrets": {"222": "old"}}, OWN | {"notification_secrets": {"222": "writer"}}),
    ],
    ids=[
        "nothing", "the same", "all kept", "a new secret", "unknown kept", "kept on overwrite", "not known",
        "unreadable dropped", "a new key", "both places of one secret",
    ],
)  # fmt: skip
def test_credentials_are_put_and_everything_else_is_kept(current: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert compose_document(current, ACCOUNT, {}) == wanted


def test_the_key_before_may_sign_on_where_it_was_the_only_one() -> None:
    document = compose_document(OWN | {"api_key": "111", "api_secret": "signer"}, ACCOUNT, {})
    assert document["notification_secrets"] == {"111": "signer", "222": "writer"}


@pytest.mark.parametrize("current", [{}, OWN, OWN | {"api_secret": "old"}])
def test_the_own_key_signs_on_when_further_signing_keys_join(current: dict[str, Any]) -> None:
    """Cloudinary may sign with it: nothing but --withdraw may end that."""
    document = compose_document(current, ACCOUNT, {"111": "signer"})
    assert document["notification_secrets"] == {"222": "writer", "111": "signer"}


def test_a_stack_may_be_set_up_with_a_key_that_only_writes() -> None:
    first = compose_document({}, ACCOUNT, {"111": "signer"}, dedicated=True)
    assert first["notification_secrets"] == {"111": "signer"}
    later = compose_document(OWN, ACCOUNT, {"111": "signer"}, dedicated=True)
    assert later["notification_secrets"] == {"222": "writer", "111": "signer"}


def test_further_signing_keys_join_those_that_are_named() -> None:
    """Where the secret names keys and not the own one, that only writes, and goes on so."""
    assert compose_document(DOCUMENT, ACCOUNT, {"333": "x"})["notification_secrets"] == {"111": "signer", "333": "x"}


def test_a_key_that_is_withdrawn_signs_no_more_and_the_accounts_own_is_the_last() -> None:
    both = DOCUMENT | {"notification_secrets": {"111": "signer", "333": "x"}}
    one = compose_document(both, ACCOUNT, {}, withdrawn=["111"])
    assert (one["notification_secrets"], one["withdrawn_keys"]) == ({"333": "x"}, ["111"])
    none = compose_document(both, ACCOUNT, {}, withdrawn=["111", "333"])
    assert "notification_secrets" not in none and none["withdrawn_keys"] == ["111", "333"]


def test_a_mistyped_key_is_not_withdrawn_and_the_keys_that_are_there_are_named() -> None:
    with pytest.raises(Invalid, match=r"--withdraw: '11' is not a key that may sign; expected one of 111$"):
        compose_document(DOCUMENT, ACCOUNT, {}, withdrawn=["11"])
    with pytest.raises(Invalid, match=r"'11' is not a key that may sign; expected one of 111, 333$"):
        compose_document(DOCUMENT, ACCOUNT, {"333": "x"}, withdrawn=["111", "11"])
    with pytest.raises(Invalid, match="no key may sign yet"):
        compose_document({}, ACCOUNT, {}, withdrawn=["111"])


def test_a_withdrawal_can_be_repeated_and_taken_back() -> None:
    gone = compose_document(
        DOCUMENT | {"notification_secrets": {"111": "s", "333": "x"}}, ACCOUNT, {}, withdrawn=["111"]
    )
    assert compose_document(gone, ACCOUNT, {}, withdrawn=["111"]) == gone
    back = compose_document(gone, ACCOUNT, {"111": "s"})
    assert back["notification_secrets"] == {"333": "x", "111": "s"} and "withdrawn_keys" not in back


@pytest.mark.parametrize(
    ("current", "signing"),
    [
        ({}, {"111": "signer"}),
        (OWN, {"111": "signer"}),
        (OWN | {"notification_secrets": {"222": "writer", "111": "signer"}}, {}),
        (OWN | {"notification_secrets": {"111": "signer"}}, {}),
    ],
    ids=["at the first setup", "when others join", "when others are there", "when it never signed"],
)
def test_the_own_key_is_withdrawn_where_another_may_sign(current: dict[str, Any], signing: dict[str, str]) -> None:
    document = compose_document(current, ACCOUNT, signing, withdrawn=["222"])
    assert (document["notification_secrets"], document["withdrawn_keys"]) == ({"111": "signer"}, ["222"])
    assert compose_document(document, ACCOUNT, {}) == document
    assert compose_document(document, ACCOUNT, {}, withdrawn=["222"]) == document


def test_a_new_api_key_writes_only_where_it_is_withdrawn_while_it_takes_its_place() -> None:
    before = OWN | {"api_key": "111", "api_secret": "signer"}
    document = compose_document(before, ACCOUNT, {}, withdrawn=["222"], dedicated=True)
    assert (document["api_key"], document["notification_secrets"]) == ("222", {"111": "signer"})


def test_an_own_key_that_was_withdrawn_does_not_come_back_as_the_last_one() -> None:
    current = OWN | {"notification_secrets": {"111": "signer"}, "withdrawn_keys": ["222"]}
    with pytest.raises(Invalid, match="no key would be left that may sign, since 222 is withdrawn"):
        compose_document(current, ACCOUNT, {}, withdrawn=["111"])
    taken_back = compose_document(current, ACCOUNT, {"222": "writer"}, withdrawn=["111"])
    assert (taken_back["notification_secrets"], taken_back["withdrawn_keys"]) == ({"222": "writer"}, ["111"])


def test_a_withdrawn_key_does_not_sign_again_as_the_next_api_key() -> None:
    current = {"cloud_name": "demo", "api_key": "111", "api_secret": "x", "withdrawn_keys": ["222"]}
    document = compose_document(current, ACCOUNT, {})
    assert (document["notification_secrets"], document["withdrawn_keys"]) == ({"111": "x"}, ["222"])


def test_one_key_is_not_added_and_withdrawn_at_once() -> None:
    with pytest.raises(Invalid, match="--withdraw: '333' is also among the keys of --signing-keys"):
        compose_document(DOCUMENT, ACCOUNT, {"333": "x"}, withdrawn=["333"])


def test_a_leaked_api_key_is_withdrawn_while_another_takes_its_place() -> None:
    leaked = OWN | {"api_key": "111", "api_secret": "signer"}
    assert compose_document(leaked, ACCOUNT, {}, withdrawn=["111"])["notification_secrets"] == {"222": "writer"}
    apart = leaked | {"notification_secrets": {"333": "x"}}
    assert compose_document(apart, ACCOUNT, {}, withdrawn=["111"])["notification_secrets"] == {"333": "x"}


@pytest.mark.parametrize("current", [OWN, OWN | {"notification_secrets": {"222": "writer"}}])
def test_the_only_key_cannot_be_withdrawn_in_appearance_alone(current: dict[str, Any]) -> None:
    """Without any named key the API key itself may sign."""
    with pytest.raises(Invalid, match="222 would be the only key that may sign"):
        compose_document(current, ACCOUNT, {}, withdrawn=["222"])


def test_what_is_said_about_an_api_key_is_not_said_about_the_next_one() -> None:
    """A key that other programs use must not be taken for autotag's own: their changes would pass for echoes."""
    before = DOCUMENT | {"api_key": "333", "api_secret": "x"}
    assert "writer_key_dedicated" not in compose_document(before, ACCOUNT, {})
    assert compose_document(before, ACCOUNT, {}, dedicated=True)["writer_key_dedicated"] is True
    assert compose_document(DOCUMENT | {"api_secret": "old"}, ACCOUNT, {})["writer_key_dedicated"] is True


@pytest.mark.parametrize(("requested", "printed"), [(None, True), (True, True), (False, False)])
def test_a_dedicated_key_is_said_to_be_so_only_by_a_person(requested: bool | None, printed: bool) -> None:
    assert compose_document(DOCUMENT, ACCOUNT, {}, dedicated=requested)["writer_key_dedicated"] is printed
    assert "writer_key_dedicated" not in compose_document({}, ACCOUNT, {})


def test_a_stack_of_another_cloud_is_not_taken_over() -> None:
    with pytest.raises(Failure, match=r"set up for the cloud 'other' and CLOUDINARY_URL names 'demo'.*--remove"):
        compose_document(OWN | {"cloud_name": "other"}, ACCOUNT, {})


def test_one_key_has_one_secret() -> None:
    with pytest.raises(Invalid, match="the signing key 222: expected the secret that CLOUDINARY_URL has") as error:
        compose_document({}, ACCOUNT, {"222": "another-secret"})
    assert "another-secret" not in str(error.value)


def test_signing_keys_are_read() -> None:
    assert signing_keys(["111:se:cret", " 222:x \n"], "stdin") == {"111": "se:cret", "222": "x"}


@pytest.mark.parametrize("entry", ["hush-hush", "111:", ":hush-hush", "1 1:hush-hush", "111:hush hush", "111:hush\x00"])
def test_a_wrong_entry_is_named_by_its_number_and_never_quoted(entry: str) -> None:
    with pytest.raises(Invalid, match=r"stdin, entry 2: expected ID:SECRET") as error:
        signing_keys(["111:x", entry], "stdin")
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "holds nothing yet"),
        ("{}", "holds nothing yet"),
        ("hush-hush", "is not JSON"),
        ("[" * 9999, "is not JSON"),
        ('["hush-hush"]', "is not a JSON object"),
        ('{"api_secret": "hush-hush"}', "is not the expected document"),
        (json.dumps(OWN | {"api_secret": ""}), "an empty cloud_name, api_key or api_secret"),
        (json.dumps(OWN | {"notification_secrets": {"1": ""}}), "an empty notification secret"),
        (json.dumps(OWN | {"notification_secrets": ["hush-hush"]}), "is not the expected document"),
    ],
)
def test_what_is_wrong_with_a_document_is_told_without_its_values(text: str | None, fault: str) -> None:
    found = read(text)
    assert fault in found[1] and "hush" not in found[1]


@pytest.mark.parametrize(
    "document", [OWN, DOCUMENT, OWN | {"notification_secrets": {"222": "writer", "111": "signer"}}]
)
def test_setup_reads_the_keys_that_may_sign_as_the_webhook_does(document: dict[str, Any]) -> None:
    """Also where the named keys leave the API key out: then it may not sign."""
    assert signing_secrets(document) == msgspec.convert(document, Credentials).signing_secrets()


def test_a_proper_document_has_no_fault() -> None:
    assert read(json.dumps(DOCUMENT)) == (DOCUMENT, "")


def test_a_rotation_remembers_the_last_keys_that_called_and_not_the_one_that_calls() -> None:
    """Else the late notification of a call would count as a person's change."""
    document = {**OWN, "api_key": "7", "api_secret": "x", "previous_api_keys": ["222", "6", "5", "4", "3", "2"]}
    assert compose_document(document, ACCOUNT, {})["previous_api_keys"] == ["7", "6", "5", "4", "3"]
    assert "previous_api_keys" not in compose_document(OWN, ACCOUNT, {})
