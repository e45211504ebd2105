"""llama.cpp through its C API: the bindings and the evaluator that the batcher drives."""
