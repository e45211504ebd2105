"""Token ids in, token ids out: the request vocabulary of TensorRT-LLM and the engines that answer it, free of Triton."""
