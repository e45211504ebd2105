package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream by which the news of all generations come that one event loop has at one replica's model, a message for each step of the
 * engine. What is said to the engine goes out on the same stream, so that it arrives in its order. Everything happens on the event loop, so
 * nothing here is locked.
 *
 * <p>A subscription that ends takes its generations with it. While it has none it is closed after some time: a model with something under
 * way cannot be unloaded.
 */
final class Subscription extends ClientCall.Listener<InputStream> implements Outbox.Carrier {
    /** Steps that the engine may be ahead of what this side has read. */
    static final int WINDOW = 64;

    /** Steps after which it is told what was read. */
    static final int ACKNOWLEDGED_EACH = 16;

    /** Steps after which the engine gets a new request to send them over: Triton keeps all responses of one in memory until it ends. */
    static final int RENEWED_EACH = 256;

    private static final String UNKNOWN_SUBSCRIPTION = "unknown subscription";

    /** 122 random bits. */
    private final String name = UUID.randomUUID().toString();

    private final SubscriptionSettings settings;
    private final TritonTimeouts timeouts;
    private final Consumer<Subscription> onRetired;
    private final SubscriptionCommands commands;
    private final StepParser parser = new StepParser(name);
    private final HandleTable table = new HandleTable();
    private final Outbox outbox;
    private final SilenceTimer timer;
    private final ClientCall<ModelInferRequest, InputStream> call;

    /** What waits for an answer, by id: the generations that it was about. */
    private final Map<String, List<SubscribedExchange>> unanswered = new HashMap<>();

    private final EarlySteps early = new EarlySteps(WINDOW);
    private State state = State.NEW;
    private boolean retired;

    /** An older request has not got its final response yet, and its steps may come behind those of the newer one. */
    private boolean renewing;

    private long read;
    private long acknowledged;
    private long renewed;

    private enum State {
        NEW,
        /** The engine has not confirmed it. */
        OPENING,
        OPEN,
        /** Whatever still comes is of no interest. */
        OVER
    }

    /** @param onRetired told once, when no further generation is to be added */
    Subscription(
            EngineRoute.Attempt first,
            SubscriptionSettings settings,
            TritonTimeouts timeouts,
            Consumer<Subscription> onRetired) {
        this.settings = settings;
        this.timeouts = timeouts;
        this.onRetired = onRetired;
        this.commands = new SubscriptionCommands(name, first.request().engineModel());
        this.outbox = new Outbox(first.loop(), this);
        this.timer = new SilenceTimer(first.loop(), this::onTimer);
        this.call = first.replica().newCall(StreamMethod.DESCRIPTOR, CallOptions.DEFAULT.withExecutor(first.loop()));
    }

    /**
     * Takes on a generation; its request goes out at the end of the loop's pass.
     *
     * @param alternatives asked for at each place; null: no logprobs
     * @return its handle
     */
    long add(SubscribedExchange exchange, @Nullable Integer alternatives) {
        if (state == State.OPEN) {
            timer.stop();
        }
        long handle = table.add(exchange, alternatives);
        outbox.submit(exchange);
        return handle;
    }

    /** Opens the stream, once. */
    void openUnlessOpened() {
        if (state != State.NEW) {
            return;
        }
        state = State.OPENING;
        timer.start(timeouts.question());
        call.start(this, new Metadata());
        if (state == State.OPENING) {
            call.sendMessage(commands.subscribe(WINDOW));
            call.request(Integer.MAX_VALUE);
        }
    }

    /**
     * Lets go of a generation.
     *
     * @param stop whether the engine has to be told
     */
    void remove(long handle, boolean stop) {
        table.remove(handle);
        if (state == State.OVER) {
            return;
        }
        if (stop) {
            outbox.stop(handle);
        }
        closeWhenIdle();
    }

    private void closeWhenIdle() {
        if (state != State.OPEN || !table.isEmpty() || renewing || !unanswered.isEmpty()) {
            return;
        }
        if (retired) {
            close();
        } else {
            timer.start(settings.idle());
        }
    }

    private void onTimer() {
        switch (state) {
            case OPEN -> close();
            case OVER -> call.cancel("no longer wanted", null);
            case NEW, OPENING -> giveUp("subscription: not confirmed in time");
        }
    }

    /** Cancels the stream: that is how a subscription is given back. */
    private void close() {
        end();
        call.cancel("no longer wanted", null);
    }

    private void end() {
        state = State.OVER;
        timer.stop();
        retire();
    }

    private void retire() {
        if (!retired) {
            retired = true;
            onRetired.accept(this);
        }
    }

    @Override
    public void onMessage(InputStream message) {
        if (state == State.OVER) {
            return;
        }
        try {
            receive(parser.parse(message));
        } catch (IOException brokenContract) {
            call.cancel("contract broken", null);
            lose(TritonErrors.statusOf(brokenContract));
        }
    }

    private void receive(StepParser.Kind kind) throws IOException {
        switch (kind) {
            case REPLY -> receiveReply();
            case NEWS -> receiveNews(parser.news());
            case EMPTY -> confirm();
            case END -> receiveEnd();
        }
    }

    private void confirm() {
        if (state == State.OPENING) {
            state = State.OPEN;
            timer.stop();
            outbox.flush();
            closeWhenIdle();
        }
    }

    private void receiveNews(StepNews news) throws IOException {
        long step = news.step();
        if (step != read + 1) {
            early.keep(step, read, parser.copy());
            return;
        }
        read = step;
        while (news.next()) {
            SubscribedExchange exchange = table.find(news.handle());
            if (exchange != null) {
                exchange.receive(news);
            }
        }
        if (state == State.OPEN) {
            keepGoing();
        }
        @Nullable InputStream next = early.remove(read + 1);
        if (next != null && state != State.OVER) {
            receive(parser.parse(next));
        }
    }

    /** Tells the engine that it may go on, and by what. */
    private void keepGoing() {
        if (read - acknowledged >= ACKNOWLEDGED_EACH) {
            acknowledged = read;
            send(commands.acknowledge(read), List.of());
        }
        if (read - renewed >= RENEWED_EACH && !renewing) {
            renewed = read;
            renewing = true;
            call.sendMessage(commands.subscribe(WINDOW));
        }
    }

    private void receiveReply() throws BrokenContractException {
        List<SubscribedExchange> about = unanswered.remove(parser.id());
        String error = parser.error();
        if (about == null && error.isEmpty()) {
            throw new BrokenContractException(
                    "id: of no request on this stream (expected: one of this subscription's)");
        }
        if (about == null) {
            giveUp(error);
        } else if (!error.isEmpty()) {
            receiveRefusal(about, error);
        }
        closeWhenIdle();
    }

    /** None of them was taken. Whatever the reason, the next ones do better to start with a subscription of their own. */
    private void receiveRefusal(List<SubscribedExchange> about, String error) {
        retire();
        about.forEach(exchange -> exchange.refused(error));
        if (about.isEmpty() || error.contains(UNKNOWN_SUBSCRIPTION)) {
            giveUp(error);
        }
    }

    private void giveUp(String error) {
        call.cancel("no longer there", null);
        lose(Status.UNAVAILABLE.withDescription(error));
    }

    /** The stream is not cancelled: Triton never lets go of a request whose cancellation crosses its end. */
    private void receiveEnd() {
        String error = parser.error();
        if (renewing && error.isEmpty()) {
            renewing = false;
            closeWhenIdle();
            return;
        }
        call.halfClose();
        lose(Status.UNAVAILABLE.withDescription(error.isEmpty() ? "subscription: ended by the engine" : error));
        timer.start(timeouts.streamIdle());
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        timer.stop();
        if (state != State.OVER) {
            lose(status);
        }
    }

    /** All generations fail with it. */
    private void lose(Status status) {
        end();
        table.all().forEach(exchange -> exchange.lost(status));
    }

    @Override
    public boolean isOpen() {
        return state == State.OPEN;
    }

    @Override
    public void submit(List<SubscribedExchange> exchanges, List<ByteString> submissions) {
        send(commands.submit(submissions), exchanges);
    }

    @Override
    public void stop(List<Long> handles) {
        send(commands.stop(handles), List.of());
    }

    private void send(ModelInferRequest command, List<SubscribedExchange> about) {
        unanswered.put(command.getId(), about);
        call.sendMessage(command);
    }
}
