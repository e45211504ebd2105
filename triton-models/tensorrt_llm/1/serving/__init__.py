"""Between Triton and an engine: requests in, responses out from a thread of their own, cancellation, gauges."""
