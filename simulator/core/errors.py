"""Errors of the simulated API."""


class ApiError(Exception):
    """An error that is answered as ``{"error": {"message": ...}}`` with an HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def not_found(what: str) -> ApiError:
    """Return the error for an asset that does not exist; ``what`` is its public_id or asset_id."""
    return ApiError(404, f"Resource not found - {what}")


def missing(parameter: str) -> ApiError:
    """Return the error for a required parameter that was not sent."""
    return ApiError(400, f"Missing required parameter - {parameter}")
