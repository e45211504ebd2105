"""Guided decoding: from the guide of a request to the tokens that may come next, by way of llguidance."""
