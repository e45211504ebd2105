"""The engine over NVIDIA's `tensorrt_llm.LLM`, which batches, samples and keeps the KV cache itself."""
