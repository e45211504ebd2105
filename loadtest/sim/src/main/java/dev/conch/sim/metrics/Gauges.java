package dev.conch.sim.metrics;

import dev.conch.sim.engine.EngineStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/** Statistics as Prometheus text, in the families and with the labels of TensorRT-LLM's backend. */
final class Gauges {
    private final StringBuilder text = new StringBuilder();
    private final String model;

    private Gauges(String model) {
        this.model = model;
    }

    static String text(String model, EngineStatistics statistics, long unixSeconds) {
        Gauges gauges = new Gauges(model);
        gauges.family("nv_trt_llm_request_metrics", "request_type", requests(statistics));
        gauges.family("nv_trt_llm_runtime_memory_metrics", "memory_type", memory());
        gauges.family("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", kvCache(statistics));
        gauges.family("nv_trt_llm_inflight_batcher_metrics", "inflight_batcher_specific_metric", batcher(statistics));
        gauges.family("nv_trt_llm_general_metrics", "general_type", general(statistics, unixSeconds));
        return gauges.text.toString();
    }

    private static Map<String, Number> requests(EngineStatistics statistics) {
        Map<String, Number> values = new LinkedHashMap<>();
        values.put("active", statistics.active());
        values.put("max", statistics.max());
        values.put("scheduled", statistics.scheduled());
        values.put("context", statistics.context());
        values.put("waiting", statistics.waiting());
        return values;
    }

    /** In bytes: the heap of this process, and nothing on a device. */
    private static Map<String, Number> memory() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Number> values = new LinkedHashMap<>();
        values.put("cpu", runtime.totalMemory() - runtime.freeMemory());
        values.put("gpu", 0);
        values.put("pinned", 0);
        return values;
    }

    private static Map<String, Number> kvCache(EngineStatistics statistics) {
        Map<String, Number> values = new LinkedHashMap<>();
        values.put("max", statistics.kvBlocks());
        values.put("free", statistics.kvBlocks() - statistics.kvUsed());
        values.put("used", statistics.kvUsed());
        values.put("reused", statistics.kvReused());
        values.put("tokens_per", statistics.tokensPerBlock());
        values.put("fraction", (double) statistics.kvUsed() / statistics.kvBlocks());
        return values;
    }

    private static Map<String, Number> batcher(EngineStatistics statistics) {
        Map<String, Number> values = new LinkedHashMap<>();
        values.put("total_context_tokens", statistics.contextTokens());
        values.put("generation_requests", statistics.generation());
        values.put("micro_batch_id", 0);
        values.put("paused_requests", 0);
        return values;
    }

    private static Map<String, Number> general(EngineStatistics statistics, long unixSeconds) {
        Map<String, Number> values = new LinkedHashMap<>();
        values.put("timestamp", unixSeconds);
        values.put("iteration_counter", statistics.iteration());
        return values;
    }

    private void family(String name, String label, Map<String, Number> values) {
        text.append("# HELP ").append(name).append(" TRT LLM ").append(label).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        values.forEach((kind, value) -> text.append(name)
                .append("{" + label + "=\"" + kind + "\",model=\"" + model + "\",version=\"1\"} ")
                .append(value)
                .append('\n'));
    }
}
