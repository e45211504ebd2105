"""What a client is told when its request fails; texts that clients of TensorRT-LLM classify by are TensorRT-LLM's."""


class RequestError(Exception):
    """A request that cannot be answered, with the text for its client; `invalid` when the client is at fault."""

    def __init__(self, text, invalid=False):
        super().__init__(text)
        self.invalid = invalid


def invalid(name, value, expected):
    return RequestError(f"{name}: {value} (expected: {expected})", invalid=True)


def unsupported(name):
    return RequestError(f"{name}: this engine does not support it (expected: absent or its default)", invalid=True)


def wrong_size(name):
    return RequestError(f"Invalid size for tensor {name}", invalid=True)


def prompt_too_long(number, length, limit):
    """`number` counts the requests of this executor, as TensorRT-LLM's own ids do."""
    return RequestError(
        f"Executor failed process requestId {number} due to the following error: Encountered an error when fetching "
        f"new request: Prompt length ({length}) exceeds maximum input length ({limit}). Set log level to info and "
        "check TRTGptModel logs for how maximum input length is set"
    )


def queue_full(limit):
    return RequestError(f"Maximum queue size of {limit} has been reached, please try again later")


def stop_without_id():
    return RequestError("Trying to stop a request but request ID is not provided", invalid=True)


def output_required(name):
    return RequestError(f"{name} tensor must be present in list of output tensors", invalid=True)


def engine_failed(cause):
    return RequestError(f"The engine failed on this request: {cause}")


def shutting_down():
    return RequestError("The model is being unloaded")


def unknown_subscription(name):
    return RequestError(f"unknown subscription: {name}", invalid=True)


def backlog_full(limit):
    return RequestError(f"More than {limit} tokens (max_backlog_tokens) were waiting for the client to read")
