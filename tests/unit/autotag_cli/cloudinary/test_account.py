"""Which account a command works on, and that no message shows its secret."""

from collections.abc import Mapping

import cloudinary
import pytest

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.account import Account, account_of

SECRET = "s3cr3t-_x"
PARTS = {"CLOUDINARY_CLOUD_NAME": "demo", "CLOUDINARY_API_KEY": "111", "CLOUDINARY_API_SECRET": SECRET}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"CLOUDINARY_URL": f"cloudinary://111:{SECRET}@demo"}, Account("demo", "111", SECRET)),
        ({"CLOUDINARY_URL": f"  cloudinary://111:{SECRET}@demo\n"}, Account("demo", "111", SECRET)),
        (
            {"CLOUDINARY_URL": f"cloudinary://111:{SECRET}@demo?upload_prefix=http://127.0.0.1:8080/"},
            Account("demo", "111", SECRET, "http://127.0.0.1:8080"),
        ),
        (
            {
                "CLOUDINARY_URL": f"cloudinary://111:{SECRET}@my_cloud-1?upload_prefix=https%3A%2F%2Fapi-eu.cloudinary.com"
            },
            Account("my_cloud-1", "111", SECRET, "https://api-eu.cloudinary.com"),
        ),
        ({"CLOUDINARY_URL": "cloudinary://1%3A1:a%2Fb%40c@demo"}, Account("demo", "1:1", "a/b@c")),
        (PARTS, Account("demo", "111", SECRET)),
        (
            {**PARTS, "CLOUDINARY_UPLOAD_PREFIX": "https://api-ap.cloudinary.com"},
            Account("demo", "111", SECRET, "https://api-ap.cloudinary.com"),
        ),
        ({**PARTS, "CLOUDINARY_URL": "cloudinary://222:other@demo"}, Account("demo", "222", "other")),
    ],
)
def test_the_account_is_the_one_that_the_environment_names(environment: Mapping[str, str], expected: Account) -> None:
    assert account_of(environment) == expected


@pytest.mark.parametrize(
    "url",
    [f"cloudinary://111:{SECRET}@demo", f"cloudinary://111:{SECRET}@demo?upload_prefix=https://api-eu.cloudinary.com"],
)
def test_it_is_the_account_of_the_official_sdk(url: str) -> None:
    sdk = cloudinary.Config()
    sdk._load_from_url(url)
    managed_tags = account_of({"CLOUDINARY_URL": url})
    assert (managed_tags.cloud_name, managed_tags.api_key, managed_tags.api_secret) == (
        sdk.cloud_name,
        sdk.api_key,
        sdk.api_secret,
    )
    assert managed_tags.api_base == (sdk.upload_prefix or "https://api.cloudinary.com")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "CLOUDINARY_URL: is not set, expected cloudinary://API_KEY:API_SECRET@CLOUD_NAME"),
        ({"CLOUDINARY_URL": f"https://111:{SECRET}@demo"}, "CLOUDINARY_URL: expected cloudinary://"),
        (
            {"CLOUDINARY_URL": f"CLOUDINARY_URL=cloudinary://111:{SECRET}@demo"},
            "CLOUDINARY_URL: expected cloudinary://",
        ),
        ({"CLOUDINARY_URL": f"cloudinary://111:{SECRET}"}, "CLOUDINARY_URL: expected cloudinary://"),
        ({"CLOUDINARY_URL": "cloudinary://111@demo"}, "CLOUDINARY_URL: expected cloudinary://"),
        ({"CLOUDINARY_URL": f"cloudinary://111:{SECRET}@[demo"}, "CLOUDINARY_URL: expected cloudinary://"),
        ({"CLOUDINARY_URL": f"cloudinary://<your key>:{SECRET}@demo"}, "CLOUDINARY_URL: expected cloudinary://"),
        (
            {"CLOUDINARY_URL": f"cloudinary://111:{SECRET}@demo?upload_prefix=http://api.example.com"},
            "CLOUDINARY_URL: upload_prefix: expected a URL such as https://api-eu.cloudinary.com, with http on this",
        ),
        (
            {"CLOUDINARY_URL": f"cloudinary://111:{SECRET}@demo?upload_prefix=http://127.0.0.1:x"},
            "CLOUDINARY_URL: upload_prefix: expected a URL",
        ),
        ({"CLOUDINARY_URL": f"cloudinary://1:{SECRET}@demo", "CLOUDINARY_CLOUD_NAME": "other"}, "names another cloud"),
        ({**PARTS, "CLOUDINARY_API_KEY": ""}, "CLOUDINARY_API_KEY: is not set"),
        ({**PARTS, "CLOUDINARY_CLOUD_NAME": "a/b"}, "CLOUDINARY_CLOUD_NAME: expected letters"),
        ({**PARTS, "CLOUDINARY_API_SECRET": f"{SECRET} {SECRET}"}, "CLOUDINARY_API_SECRET: expected a word"),
        ({**PARTS, "CLOUDINARY_UPLOAD_PREFIX": "api.example.com"}, "CLOUDINARY_UPLOAD_PREFIX: expected a URL"),
    ],
)
def test_a_wrong_environment_is_told_without_its_secret(environment: Mapping[str, str], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        account_of(environment)
    assert sentence in str(refused.value)
    assert SECRET not in str(refused.value)


def test_an_account_does_not_show_its_secret() -> None:
    found = account_of({"CLOUDINARY_URL": f"cloudinary://111:{SECRET}@demo"})
    assert SECRET not in repr(found) and SECRET not in str(found) and SECRET not in f"{found}"
