"""The URL of the image of an asset.

Source: cloudinary.com/documentation/image_transformations#transformation_url_structure.
"""

from collections.abc import Mapping
from urllib.parse import quote

from autotag_cli.cloudinary.account import account_of
from autotag_cli.review.questions import AssetQuestions

_VARIABLES = ("CLOUDINARY_URL", "CLOUDINARY_CLOUD_NAME")


def cloud_name(variables: Mapping[str, str]) -> str:
    """Return the cloud of the account that the environment names, or "" if it names none."""
    named = any(variables.get(name, "").strip() for name in _VARIABLES)
    return account_of(variables).cloud_name if named else ""


def image_url(cloud: str, questions: AssetQuestions) -> str:
    """Return the URL of the version that is in review, or "" if the cloud is not known."""
    asset = questions.asset
    if not cloud:
        return ""
    format_ = f".{quote(questions.format)}" if questions.format and asset.resource_type != "raw" else ""
    place = "/".join(map(quote, (cloud, asset.resource_type or "image", asset.type or "upload")))
    return f"https://res.cloudinary.com/{place}/v{asset.version}/{quote(asset.public_id)}{format_}"
