"""TensorRT-LLM's statistics of an iteration, in the terms of our gauges."""

from executor.engine import EngineStats


def engine_stats(iteration, max_sequences):
    """`iteration` is the JSON object of one; what it leaves out counts as 0."""
    cache = iteration.get("kvCacheStats") or {}
    batch = iteration.get("inflightBatchingStats") or {}
    block = cache.get("tokensPerBlock", 0)
    return EngineStats(
        active=iteration.get("numActiveRequests", 0),
        max=iteration.get("maxNumActiveRequests", 0) or max_sequences,
        scheduled=batch.get("numScheduledRequests", 0),
        context=batch.get("numContextRequests", 0),
        generation=batch.get("numGenRequests", 0),
        context_tokens=batch.get("numCtxTokens", 0),
        paused=batch.get("numPausedRequests", 0),
        kv_max=cache.get("maxNumBlocks", 0) * block,
        kv_used=cache.get("usedNumBlocks", 0) * block,
        kv_reused=cache.get("reusedBlocks", 0) * block,
        iteration=iteration.get("iter", 0),
        gpu_memory=iteration.get("gpuMemUsage", 0),
        pinned_memory=iteration.get("pinnedMemUsage", 0),
    )
