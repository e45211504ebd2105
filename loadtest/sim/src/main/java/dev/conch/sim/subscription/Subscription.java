package dev.conch.sim.subscription;

import dev.conch.sim.engine.ResponseSink;
import dev.conch.sim.script.Corruption;
import dev.conch.sim.tensor.ResponseEncoder;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client's subscription: gathers the news of its generations and sends them step by step, no more steps than its window allows. Lives
 * on the engine's thread.
 */
final class Subscription {
    private final String name;
    private final long window;
    private final int maxBacklogTokens;
    private ResponseSink call;
    private final StepEncoder encoder;
    private final ResponseEncoder lastWords;
    private final Subscriptions all;
    private final Map<Long, SubmittedGeneration> generations = new LinkedHashMap<>();
    private final Map<Place, News> waiting = new LinkedHashMap<>();
    private long step;
    private long acknowledged;
    private boolean flushing;
    private boolean over;
    private @Nullable String lastWord;

    private record Place(long handle, int sequence) {}

    /** @param window responses that may be under way; 0: any number */
    Subscription(String model, String name, int window, int maxBacklogTokens, ResponseSink call, Subscriptions all) {
        this.name = name;
        this.window = window == 0 ? Long.MAX_VALUE : window;
        this.maxBacklogTokens = maxBacklogTokens;
        this.call = call;
        this.encoder = new StepEncoder(model, name);
        this.lastWords = new ResponseEncoder(model, name);
        this.all = all;
    }

    String name() {
        return name;
    }

    /** The call that it lives on. */
    ResponseSink call() {
        return call;
    }

    void open() {
        call.send(encoder.confirmation());
    }

    /** Goes on over another request, on the same call or another: the older request ends. */
    void renew(ResponseSink newCall) {
        call.send(lastWords.finalFlag());
        call = newCall;
        call.send(encoder.confirmation());
        all.ledger().renewed();
    }

    void take(SubmittedGeneration generation) {
        generations.put(generation.handle(), generation);
    }

    void forget(SubmittedGeneration generation) {
        generations.remove(generation.handle(), generation);
    }

    void stop(long handle) {
        SubmittedGeneration generation = generations.get(handle);
        if (generation != null) {
            generation.stop();
        }
    }

    /** Why an acknowledgement is none. */
    Optional<String> refusal(long read) {
        return read <= step
                ? Optional.empty()
                : Optional.of(
                        "acknowledged: %d (expected: 0 to %d, the number of the last step)".formatted(read, step));
    }

    void acknowledge(long read) {
        acknowledged = Math.max(acknowledged, read);
        flush();
    }

    /** A sequence is in a step once; only what waits for the client is merged. */
    void add(News news, @Nullable Corruption corruption) {
        if (over) {
            return;
        }
        if (corruption != null) {
            sendWaiting();
            call.send(encoder.step(++step, List.of(news), corruption));
            return;
        }
        Place place = new Place(news.handle(), news.sequence());
        if (waiting.containsKey(place)) {
            sendWaiting();
        }
        News earlier = waiting.get(place);
        if (earlier == null) {
            waiting.put(place, news);
        } else {
            earlier.merge(news);
            cutIfTooLong(earlier);
        }
        flushLater();
    }

    private void cutIfTooLong(News news) {
        SubmittedGeneration generation = generations.get(news.handle());
        if (news.ids().size() > maxBacklogTokens && generation != null) {
            waiting.keySet().removeIf(place -> place.handle() == news.handle());
            generation.cancel();
            generation.fail(
                    News.FAILED,
                    "More than " + maxBacklogTokens
                            + " tokens (max_backlog_tokens) were waiting for the client to read");
        }
    }

    private void flushLater() {
        if (!flushing) {
            flushing = true;
            all.later(() -> {
                flushing = false;
                flush();
            });
        }
    }

    private void flush() {
        sendWaiting();
        if (lastWord != null && waiting.isEmpty() && generations.isEmpty()) {
            fail(lastWord);
        }
    }

    private void sendWaiting() {
        if (!over && !waiting.isEmpty() && (step - acknowledged < window || lastWord != null)) {
            call.send(encoder.step(++step, waiting.values(), null));
            waiting.clear();
            all.ledger().stepped();
        }
    }

    /** Waits for no window any more, and fails when everything is told. */
    void endWhenDone(String error) {
        lastWord = error;
        flush();
    }

    /** The engine ends it, with an error; its call goes on. */
    void fail(String text) {
        if (!over) {
            call.send(lastWords.engineError(text));
            end().forEach(SubmittedGeneration::breakOff);
        }
    }

    /** The client has cancelled its call, or is gone. */
    void cancel() {
        end().forEach(SubmittedGeneration::cancel);
    }

    /** The call has broken down. */
    void breakOff() {
        end().forEach(SubmittedGeneration::breakOff);
    }

    private Collection<SubmittedGeneration> end() {
        if (!over) {
            over = true;
            all.closed(this);
        }
        List<SubmittedGeneration> left = new ArrayList<>(generations.values());
        generations.clear();
        return left;
    }

    /** The call breaks down behind what there was to say. */
    void closeCall(Status status) {
        flush();
        call.close(status);
    }
}
