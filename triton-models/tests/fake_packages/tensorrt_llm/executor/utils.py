"""What goes wrong with one request."""


class RequestError(RuntimeError):
    """The error raised when the request is failed."""
