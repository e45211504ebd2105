"""Triton's Python backend, seen as arrays by name: the only module, with model.py and gauges.py, that imports it."""

import json

import triton_python_backend_utils as pb_utils

FINAL = pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL


def read_inputs(request):
    """The inputs of a request as name -> array; the arrays live as long as the request."""
    return {tensor.name(): tensor.as_numpy() for tensor in request.inputs()}


def read_parameters(request):
    """The request parameters that Triton does not keep for itself."""
    return json.loads(request.parameters() or "{}")


class TritonChannel:
    """The way back to the client of one request. After the final response it cannot be used any more."""

    def __init__(self, request):
        self.request_id = request.request_id()
        self._sender = request.get_response_sender()

    def is_cancelled(self):
        return self._sender.is_cancelled()

    def send(self, tensors, final):
        response = pb_utils.InferenceResponse([pb_utils.Tensor(name, array) for name, array in tensors.items()])
        if final:
            self._end(response)
        else:
            self._sender.send(response)

    def send_error(self, error):
        code = pb_utils.TritonError.INVALID_ARG if error.invalid else pb_utils.TritonError.INTERNAL
        self._end(pb_utils.InferenceResponse(error=pb_utils.TritonError(str(error), code)))

    def send_empty_final(self):
        self._end()

    def _end(self, *response):
        """Triton cannot unload the model for as long as one sender of it exists, so it goes once it has sent."""
        self._sender.send(*response, flags=FINAL)
        self._sender = None
