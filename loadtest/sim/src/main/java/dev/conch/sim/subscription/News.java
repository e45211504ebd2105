package dev.conch.sim.subscription;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step has to tell about one sequence. Not thread-safe. */
final class News {
    static final int GOES_ON = 0;
    static final int CANCELLED = 3;
    static final int REFUSED = 4;
    static final int FAILED = 5;

    private final long handle;
    private final int sequence;
    private final List<Integer> ids = new ArrayList<>();
    private final List<Float> logprobs = new ArrayList<>();
    private final List<Integer> topIds = new ArrayList<>();
    private final List<Float> topLogprobs = new ArrayList<>();
    private int end = GOES_ON;
    private int cachedTokens = -1;
    private @Nullable String error;

    News(long handle, int sequence) {
        this.handle = handle;
        this.sequence = sequence;
    }

    /** The end of a whole request that was refused or has failed. */
    static News failure(long handle, int end, String error) {
        News news = new News(handle, 0);
        news.end = end;
        news.error = error;
        return news;
    }

    News tokens(int[] newIds, float[] newLogprobs, int[] newTopIds, float[] newTopLogprobs) {
        for (int id : newIds) {
            ids.add(id);
        }
        for (float logprob : newLogprobs) {
            logprobs.add(logprob);
        }
        for (int id : newTopIds) {
            topIds.add(id);
        }
        for (float logprob : newTopLogprobs) {
            topLogprobs.add(logprob);
        }
        return this;
    }

    News cached(int tokens) {
        cachedTokens = tokens;
        return this;
    }

    News ended(int how) {
        end = how;
        return this;
    }

    /** Adds what came after this, of the same sequence. */
    void merge(News next) {
        ids.addAll(next.ids);
        logprobs.addAll(next.logprobs);
        topIds.addAll(next.topIds);
        topLogprobs.addAll(next.topLogprobs);
        end = next.end;
        error = next.error;
        cachedTokens = Math.max(cachedTokens, next.cachedTokens);
    }

    long handle() {
        return handle;
    }

    int sequence() {
        return sequence;
    }

    List<Integer> ids() {
        return ids;
    }

    List<Float> logprobs() {
        return logprobs;
    }

    List<Integer> topIds() {
        return topIds;
    }

    List<Float> topLogprobs() {
        return topLogprobs;
    }

    int end() {
        return end;
    }

    int cachedTokens() {
        return cachedTokens;
    }

    @Nullable String error() {
        return error;
    }
}
