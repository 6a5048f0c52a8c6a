"""A server error of a service of AWS, which a fault causes."""


class ServerError(Exception):
    """A fault: an answer with a status above 499 and without a type."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status
