"""The categorization add-ons that the simulator knows."""

PROVIDERS = (
    "aws_rek_tagging",
    "google_tagging",
    "imagga_tagging",
    "google_video_tagging",
)

TITLES = {
    "aws_rek_tagging": "Amazon Rekognition Auto Tagging",
    "google_tagging": "Google Auto Tagging",
    "imagga_tagging": "Imagga Auto Tagging",
    "google_video_tagging": "Google Automatic Video Tagging",
}
