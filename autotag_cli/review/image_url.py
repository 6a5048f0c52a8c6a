"""The URL of the image of an asset.

Source: cloudinary.com/documentation/image_transformations#transformation_url_structure. A local Cloudinary delivers at
the address of its API.
"""

from collections.abc import Mapping
from urllib.parse import quote

from autotag_cli.cloudinary.account import account_of
from autotag_cli.review.questions import AssetQuestions
from autotag_cli.stack.loopback import is_loopback

_DELIVERY = "https://res.cloudinary.com"
_VARIABLES = ("CLOUDINARY_URL", "CLOUDINARY_CLOUD_NAME")


def image_base(variables: Mapping[str, str], cloud: str | None) -> str:
    """Return the beginning of the URLs of a cloud's images, "" if no cloud is known.

    ``cloud`` names it; None: it is that of the account that the environment names.
    """
    if cloud is not None:
        return f"{_DELIVERY}/{quote(cloud)}" if cloud else ""
    if not any(variables.get(name, "").strip() for name in _VARIABLES):
        return ""
    account = account_of(variables)
    return f"{account.api_base if is_loopback(account.api_base) else _DELIVERY}/{quote(account.cloud_name)}"


def image_url(base: str, questions: AssetQuestions) -> str:
    """Return the URL of the version that is in review; ``base`` is its beginning, "" if the cloud is not known."""
    asset = questions.asset
    if not base:
        return ""
    format_ = f".{quote(questions.format)}" if questions.format and asset.resource_type != "raw" else ""
    place = "/".join(map(quote, (asset.resource_type or "image", asset.type or "upload")))
    return f"{base}/{place}/v{asset.version}/{quote(asset.public_id)}{format_}"
