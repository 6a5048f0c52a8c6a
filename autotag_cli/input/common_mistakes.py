"""JSON that people mistake for an asset with labels, and the error for each kind."""

import codecs
from typing import Any

from autotag.domain.errors import Invalid

_REKOGNITION = (
    "this is Rekognition's own response, with confidences from 0 to 100 where Cloudinary's go from 0 to 1: convert it "
    'with jq \'{info: {categorization: {aws_rek_tagging: {status: "complete", data: '
    "[.Labels[] | (.Label // .) | {tag: .Name, confidence: (.Confidence / 100)}]}}}}'"
)
_ONE_LABEL = (
    "this is one label of Rekognition's own response, with a confidence from 0 to 100 where Cloudinary's go from 0 to "
    '1: give the whole response, {"Labels": [...]}, and the next message says how to convert it'
)
_OTHER_MODELS = ("ModerationLabels", "CustomLabels", "FaceDetails", "TextDetections")

BINARY = (
    "is a picture, a video or another binary file, expected Cloudinary's answer about an asset as JSON: "
    "autotag upload FILE --categorization aws_rek_tagging --json or autotag resource PUBLIC_ID --json prints it"
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def is_binary(beginning: bytes) -> bool:
    """Return whether a file that begins so is no text; damaged JSON and UTF-16 are text."""
    if beginning.startswith(_UTF_16) or beginning.lstrip().startswith((b"{", b"[")):
        return False
    if b"\0" in beginning or beginning.startswith(b"%PDF-"):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)  # may end within a character
    except UnicodeDecodeError:
        return True
    return False


def reject_common_mistakes(document: dict[str, Any]) -> None:
    """Raise ``Invalid`` if ``document`` is of a well-known kind that holds no asset; the error names the kind."""
    if document.get("resources") == [] and "notification_type" not in document:
        raise Invalid("resources", "the list holds no asset")
    if isinstance(error := document.get("error"), dict) and "info" not in document:
        said = error.get("message")
        raise Invalid(
            "error",
            f"this is an error of Cloudinary's{f' ({said})' if said else ''}, expected an asset",
        )
    if isinstance(document.get("requestContext"), dict) and "body" in document:
        decode = " | @base64d" if document.get("isBase64Encoded") else ""
        raise Invalid("body", f"this is a Lambda event, take the notification out of it: jq -r '.body{decode}'")
    if isinstance(document.get("Records"), list):
        raise Invalid("Records", "this is a batch of an SQS queue, take each body out of it: jq -r '.Records[].body'")
    if isinstance(document.get("messages"), list):
        raise Invalid("messages", "these are messages of a poll channel, take each out: jq -c '.messages[].payload'")
    # Source: docs.aws.amazon.com/rekognition/latest/APIReference, DetectLabels, GetLabelDetection, Label
    if isinstance(document.get("Labels"), list):
        raise Invalid("Labels", _REKOGNITION)
    if "Name" in document and "Confidence" in document:
        raise Invalid("Confidence", _ONE_LABEL)
    for field in _OTHER_MODELS:
        if isinstance(document.get(field), list):
            raise Invalid(field, "this is another response of Rekognition's, expected labels of Cloudinary's add-on")
