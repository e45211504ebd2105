"""Token ids in, token ids out: the request vocabulary of TensorRT-LLM and its engines, free of Triton."""
