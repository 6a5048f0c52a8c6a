"""Settings that can change while the simulator runs, each with its default and the fact behind it."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from simulator.core.events import Event
from simulator.core.providers import PROVIDERS

FolderMode = Literal["dynamic", "fixed"]
LOOPBACK_URL = r"^http://(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}$"


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings, immutable; ``changed`` returns a changed copy."""

    admin_limit: Annotated[int, Meta(ge=0)] = 2000
    """Admin API calls an hour; 500 on free plans, 2000 on paid ones."""
    notification_url: str | None = None
    """The global URL, for events of calls that name no URL."""
    events: tuple[Event, ...] = ("upload", "info", "delete", "rename")
    """The events that are sent to the global URL. A call's own notification_url gets all events of the call."""
    notification_algorithm: Literal["sha1", "sha256"] = "sha1"
    unreadable_files: Literal["refuse", "accept"] = "refuse"
    """Whether an upload of bytes that are no picture, as an image, is answered with 400, as users report it
    (cloudinary_npm issue 222, "Invalid image file"). ``accept`` takes any bytes for a picture, of a size and with
    labels that their digest and the public_id give, so that a test needs no picture; and URLs, which are not fetched.
    """
    sha256_signatures: bool = False
    """Whether the account uses SHA-256 alone: it signs notifications and answers with it, and refuses signed calls and
    short URL signatures of SHA-1. Cloudinary sets this on request (cloudinary.com/documentation/signatures).
    """
    long_url_signatures: bool = False
    """Whether signed delivery URLs need the long signature of 32 characters (``long_url_signature`` of the SDKs)."""
    strict_transformations: bool = False
    """Whether a delivery URL with transformations, or with another format, needs a signature
    (cloudinary.com/documentation/control_access_to_media).
    """
    kept_file_bytes: Annotated[int, Meta(ge=0)] = 256 * 1024**2
    """How many bytes of uploaded files are kept in memory; the oldest are dropped first. A ``--database`` keeps all."""
    signing_key: str | None = None
    """The id of the key that is dedicated to webhooks; without one the oldest key signs notifications."""
    time_scale: Annotated[float, Meta(gt=0)] = 1.0
    """Waits between delivery attempts are divided by this."""
    auto_tagging_case: Literal["lower", "keep"] = "lower"
    """``lower`` assigns labels as tags in lower case, as all captured answers of 2018 to 2024 show, ``keep`` in the
    label's own case, as the documentation page of the Rekognition add-on shows.
    """
    auto_tags_notified: tuple[Literal["upload", "explicit", "update"], ...] = ("update",)
    """Calls that send ``resource_tags_changed`` for the tags that their auto_tagging assigned at once, with the calling
    key as the cause. The ``upload`` notification of upload and explicit lists these tags in any case. Not known: no
    document or capture says which calls send it, nor which cause it names.
    """
    update_sends_info: bool = False
    """Whether an update that categorizes at once sends ``info`` with its labels, as one that completes later does. Not
    known: the answer holds the labels, and no document names a notification that holds them.
    """
    keep_on_overwrite: bool = False
    """Whether an overwriting upload keeps tags, context and metadata: a preference of the product environment. The
    sources of this setting and the next two are in ``simulator.assets.overwrite``.
    """
    values_sent_on_overwrite: Literal["replace", "join"] = "replace"
    """Whether the values that such an upload sends replace the kept ones, as documented, or are added to them."""
    kept_values_notified: bool = True
    """Whether the notification of such an upload also lists the kept values, or only those that the call sent. Not
    known; the answer and an Admin read list all.
    """
    default_upload_preset: str | None = None
    """The preset of signed uploads that name none (cloudinary.com/documentation/upload_presets)."""
    preset_update: Literal["replace", "merge"] = "replace"
    """Whether the settings that an update of a preset does not send are deleted or stay. Not known: the official SDKs'
    tests always send all of them back.
    """
    data_shape: Literal["flat", "nested", "documented"] = "flat"
    """How labels are listed: ``flat`` as in all captured answers of 2018 to 2024, ``nested`` as a list in a list, or
    ``documented``, which is nested for upload and explicit and flat elsewhere, as on the add-on's documentation page.
    """
    addon_on_other_kinds: Literal["ignore", "refuse"] = "ignore"
    """What a call answers that requests an add-on for another resource type than the add-on's own: ``ignore`` runs
    nothing and charges nothing, ``refuse`` answers 400. Not known: no document or capture shows such a call.
    """
    rekognition_formats: tuple[str, ...] = ("jpg", "png")
    """The formats that aws_rek_tagging looks at; an image whose first bytes show another format gets status ``failed``.
    Source: Amazon Rekognition developer guide, DetectLabels, "either a PNG or JPEG formatted file". Not known: whether
    Cloudinary converts other formats first. Then this list has them too.
    """
    label_model: Annotated[str, Meta(min_length=1)] = "3.0"
    """The label model that the local Rekognition names (``LabelModelVersion``)."""
    renamed_labels: dict[str, str] = {}
    """Labels that have another name in this label model, by the name that they have in the vocabulary."""
    detect_rate: Annotated[float, Meta(gt=0)] | None = None
    """How many calls of DetectLabels a second are answered; others get ProvisionedThroughputExceededException."""
    detect_seconds: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    """How long a call of DetectLabels takes."""
    translate_rate: Annotated[float, Meta(gt=0)] | None = None
    """How many calls of TranslateText a second are answered; others get TooManyRequestsException."""
    s3_endpoint: Annotated[str, Meta(pattern=LOOPBACK_URL)] | None = None
    """The S3 from which the local Rekognition reads objects: an http URL on loopback, without a path."""
    tags_answer: Literal["found", "changed"] = "found"
    """Which ids the tags and context calls return: those of assets that exist, or only of assets that changed."""
    folder_mode: FolderMode = "dynamic"
    """Dynamic accounts show asset_folder and display_name; fixed ones folder and access_mode. Only in fixed ones is the
    path of the public_id the folder. Source: cloudinary.com/documentation/folder_modes.
    """
    min_chunk_bytes: Annotated[int, Meta(ge=0)] = 5 * 1024**2
    """The fewest bytes of a chunk of a large file that is not its last. Source: cloudinary_npm uploader_spec.js (5 MB;
    the official SDKs' tests send chunks of 5,243,000 bytes). Lower it to try chunks without large files.
    """
    addons: tuple[str, ...] = PROVIDERS
    """Categorization add-ons that the account subscribes to."""
    addon_limit: Annotated[int, Meta(ge=0)] = 100_000
    """The number of categorizations that each add-on allows."""
    search_lag: Annotated[float, Meta(ge=0)] = 0.0
    """Seconds from its upload until the search finds an asset; the real index lags behind writes."""
    unauthorized_body: Literal["json", "html"] = "json"
    """The Admin API's answer to wrong credentials; the documentation says that HTML is a sign of them."""

    def changed(self, changes: dict[str, Any]) -> "Settings":
        """Return a copy with ``changes`` applied. Raises ``msgspec.ValidationError`` naming the field."""
        return msgspec.convert({**msgspec.to_builtins(self), **changes}, Settings)
