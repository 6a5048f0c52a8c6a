"""Cloudinary's own words: names of fields, and values that say nothing about an account or an asset.

What is in none of these sets is replaced. Sources: cloudinary.com/documentation/notifications, the Upload and the Admin
API reference, and public captures of bodies.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")

WORD_FIELDS = _words(
    """
    access_mode delivery_type event_type from_type info_kind info_status kind moderation_kind moderation_status
    notification_type resource_type source status to_type type
    """
)
"""Fields whose value is a word of Cloudinary's, such as ``complete``; also one that is not known yet."""

RESULT_WORDS = frozenset({"approved", "complete", "failed", "pending", "processing", "rejected"})
"""Such words that are kept in any result."""

NUMBER_FIELDS = _words(
    """
    bit_rate bytes confidence duration end_time_offset error_code frame_rate height level model_version nb_frames
    page_count pages rate_limit_allowed rate_limit_remaining rotation schema_version start_time_offset time
    time_offset timestamp total_count version width x y
    """
)
"""Fields whose number is kept: sizes, times, versions, confidences, limits."""

NAME_MAPS = _words(
    """
    added context custom image_infos metadata new_metadata previous_metadata removed resources updated variables
    """
)
"""Fields whose object has names of the account as its keys: public_ids, URLs, keys of context and of metadata."""

OWN_VALUES = NAME_MAPS - {"image_infos", "resources"}
"""Those of them whose values are the account's own too, whatever their type."""

ADD_ON_MAPS = frozenset({"info", "categorization", "detection", "ocr"})
"""Fields whose object has names of add-ons as its keys."""

OTHER_RESULTS = _words(
    """
    accessibility_analysis colors coordinates custom_coordinates derived detection face_coordinates faces
    image_metadata last_updated_by media_metadata moderation_response ocr original predominant quality_analysis
    response
    """
)
"""Fields with results that are not about labels, such as texts, faces and places: all numbers in them are replaced."""

FORMATS = _words(
    """
    3gp aac ai avi avif bmp css csv docx eps flv gif glb heic heif ico indd jp2 jpe jpeg jpg json jxl m3u8 m4a m4v
    mkv mov mp3 mp4 mpd mpeg mpg ogg ogv pdf png pptx psd svg tga tif tiff ts ttf txt wav wdp webm webp wmv xlsx zip
    """
)

DELIVERY_TYPES = _words(
    "upload private authenticated fetch facebook twitter sprite multi text list youtube vimeo url2png"
)
RESOURCE_TYPES = frozenset({"image", "video", "raw"})

FIELDS = (
    WORD_FIELDS
    | NUMBER_FIELDS
    | NAME_MAPS
    | ADD_ON_MAPS
    | OTHER_RESULTS
    | _words(
        """
    access_control access_key access_type adv_face adv_ocr api_key asset_folder asset_id asset_type attributes audio
    batch_id bounding_box by caption categories codec completed_at created_at created_by css_url custom_id data
    default_value deleted derived_resources display_name eager error etag existing external_id facial_landmarks
    failed fields filename folder folders format frames from_asset_folder from_path from_public_id hint id image_url
    info_data is_audio json_url label last_updated last_updated_at message moderation moderation_confidence
    moderation_labels moderation_model_version moderation_updated_at name new_value next_cursor notification_context
    old_value original_extension original_filename overwritten parent_name partial path pix_format placeholder
    playback_url pornography_likelihood position product_environment_id profile public_id rate_limit_reset_at reason
    request_id resource secure_css_url secure_image_url secure_json_url secure_url shot_level signature signature_key
    tag tags textAnnotations time_base to_asset_folder to_path to_public_id transformation triggered_at triggered_by
    updated_at uploaded_at uploaded_by url user value version_id video
    context_updated_at metadata_updated_at public_id_updated_at tags_updated_at
    """
    )
)
"""Names of fields that are kept. Others are replaced, since a name may come from the account."""
