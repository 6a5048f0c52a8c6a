"""Errors of the simulated API."""


class ApiError(Exception):
    """An error that is answered as ``{"error": {"message": ...}}`` with an HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def asset_not_found(identifier: str) -> ApiError:
    """Return the error for an asset that does not exist; ``identifier`` is its public_id or asset_id."""
    return ApiError(404, f"Resource not found - {identifier}")


def missing_parameter(parameter: str) -> ApiError:
    """Return the error for a required parameter that was not sent."""
    return ApiError(400, f"Missing required parameter - {parameter}")
