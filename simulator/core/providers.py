"""The categorization add-ons that the simulator knows, and the resource type that each looks at."""

PROVIDERS = (
    "aws_rek_tagging",
    "google_tagging",
    "imagga_tagging",
    "google_video_tagging",
)

RESOURCE_TYPES = {
    "aws_rek_tagging": "image",
    "google_tagging": "image",
    "imagga_tagging": "image",
    "google_video_tagging": "video",
}
"""Source: cloudinary.com/documentation/tags, "Automatically tagging assets", and the pages of the add-ons."""

TITLES = {
    "aws_rek_tagging": "Amazon Rekognition Auto Tagging",
    "google_tagging": "Google Auto Tagging",
    "imagga_tagging": "Imagga Auto Tagging",
    "google_video_tagging": "Google Automatic Video Tagging",
}
