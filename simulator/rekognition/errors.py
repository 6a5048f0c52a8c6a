"""The errors of DetectLabels, as Amazon Rekognition answers them.

Source of the names and of the status: botocore's service model ``rekognition/2016-06-27``, operation DetectLabels; an
exception with ``"fault": true`` is the service's own and has status 500, all others have 400. Source of the sentences:
the model's documentation of each shape, and the developer guide, "Error handling".
"""

from typing import Literal, get_args

ErrorName = Literal[
    "AccessDeniedException",
    "ImageTooLargeException",
    "InternalServerError",
    "InvalidImageFormatException",
    "InvalidParameterException",
    "InvalidS3ObjectException",
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
]
"""The exceptions that the operation declares."""

ERRORS: tuple[str, ...] = get_args(ErrorName)
_STATUS_500 = frozenset({"InternalServerError", "ThrottlingException"})
_SENTENCES = {
    "AccessDeniedException": "User is not authorized to perform: rekognition:DetectLabels",
    "ImageTooLargeException": "Image size is too big",
    "InternalServerError": "Internal server error",
    "InvalidImageFormatException": "Request has invalid image format",
    "InvalidParameterException": "Request has invalid parameters",
    "InvalidS3ObjectException": "Unable to get object metadata from S3. "
    "Check object key, region and/or access permissions.",
    "ProvisionedThroughputExceededException": "Provisioned rate exceeded",
    "ThrottlingException": "Rate exceeded",
}


class RekognitionError(Exception):
    """An error that is answered with its type in ``x-amzn-ErrorType`` and in ``__type``.

    ``name`` is one of ``ErrorName``, or an error that all services of AWS with this protocol have; without ``message``
    it gets the usual sentence.
    """

    def __init__(self, name: str, message: str = "") -> None:
        super().__init__(message or _SENTENCES.get(name, name))
        self.name = name
        self.status = 500 if name in _STATUS_500 else 400
