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
 * way cannot be unloaded. When the model is loaded anew, or unloaded, what it is told comes to another instance, or to none, while the one
 * before finishes what it has taken. This side leaves such a subscription: it reads on, and everything else goes by another.
 */
final class Subscription extends ClientCall.Listener<InputStream> implements Outbox.Carrier {
    private static final String UNKNOWN_SUBSCRIPTION = "unknown subscription";
    private static final String CUT = "max_backlog_tokens";

    /** 122 random bits. */
    private final String name = UUID.randomUUID().toString();

    private final SubscriptionSettings settings;
    private final TritonTimeouts timeouts;
    private final Consumer<Subscription> onRetired;
    private final RouteWatch watch;
    private final SubscriptionCommands commands;
    private final StepParser parser = new StepParser(name);
    private final HandleTable table = new HandleTable();
    private final Outbox outbox;
    private final SilenceTimer timer;
    private final ClientCall<ModelInferRequest, InputStream> call;

    /** What waits for an answer, by id. */
    private final Map<String, Said> unanswered = new HashMap<>();

    private final StepWindow window = new StepWindow();
    private final EarlySteps early = new EarlySteps(StepWindow.STEPS);
    private State state = State.NEW;
    private boolean retired;

    /**
     * While one is under way the steps of the older request may come behind those of the newer one; and only the older one's final response
     * says that both came to the same instance of the model, so until then nothing is submitted: another would take it for its own.
     */
    private final Renewal renewal = new Renewal();

    /**
     * What the engine was told.
     *
     * @param about the generations that it was to start
     * @param acknowledged the last step that it was told was read; 0: something else
     */
    private record Said(List<SubscribedExchange> about, long acknowledged) {}

    private enum State {
        NEW,
        /** The engine has not confirmed it. */
        OPENING,
        OPEN,
        /** Whoever answers does not know it, or it has ended. */
        LEFT,
        /** Whatever still comes is of no interest. */
        OVER
    }

    /** @param onRetired told once, when no further generation is to be added */
    Subscription(
            EngineRoute.Attempt first,
            SubscriptionSettings settings,
            TritonTimeouts timeouts,
            RouteWatch watch,
            Consumer<Subscription> onRetired) {
        this.settings = settings;
        this.timeouts = timeouts;
        this.watch = watch;
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
        watch.onGenerations(1);
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
            call.sendMessage(commands.subscribe(StepWindow.STEPS));
            call.request(Integer.MAX_VALUE);
        }
    }

    /**
     * Lets go of a generation.
     *
     * @param stop whether the engine has to be told
     */
    void remove(long handle, boolean stop) {
        if (!table.remove(handle)) {
            return;
        }
        watch.onGenerations(-1);
        if (state == State.OVER) {
            return;
        }
        if (stop && state != State.LEFT) {
            outbox.stop(handle);
        }
        closeWhenIdle();
    }

    /** Not at each step: one that was left may go on for long with what nobody wants, and hears of that by the end of its stream. */
    private void closeWhenIdle() {
        if (state == State.LEFT) {
            watchTheRest();
        } else if (state == State.OPEN && table.isEmpty() && !renewal.isUnderWay() && unanswered.isEmpty()) {
            timer.start(settings.idle());
        }
    }

    private void watchTheRest() {
        if (table.isEmpty()) {
            timer.start(settings.idle());
        } else {
            watchTheWindow();
        }
    }

    /**
     * An instance that is unloaded, or sees that it has a successor, sends without regard to its window, and then ends; it may be silent
     * for as long as a prompt takes. One that does not see it stops at the window for good.
     */
    private void watchTheWindow() {
        if (window.isExhausted()) {
            timer.start(timeouts.question());
        } else {
            timer.stop();
        }
    }

    private void onTimer() {
        switch (state) {
            case OPEN -> close();
            case LEFT -> closeOrGiveUp();
            case OVER -> call.cancel("no longer wanted", null);
            case NEW, OPENING -> giveUp("subscription: not confirmed in time");
        }
    }

    private void closeOrGiveUp() {
        if (table.isEmpty()) {
            close();
        } else {
            giveUp("subscription: of an instance of the model that is no more");
        }
    }

    /** Cancels the stream: that is how a subscription is given back. */
    private void close() {
        end();
        call.cancel("no longer wanted", null);
    }

    private void end() {
        if (state == State.OPEN || state == State.LEFT) {
            watch.onClosed(reasonOfEnd());
        }
        state = State.OVER;
        timer.stop();
        retire();
    }

    private RouteWatch.Reason reasonOfEnd() {
        if (!table.isEmpty()) {
            return RouteWatch.Reason.LOST;
        }
        return state == State.LEFT ? RouteWatch.Reason.REPLACED : RouteWatch.Reason.IDLE;
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
            watch.onOpened();
            timer.stop();
            outbox.flush();
            closeWhenIdle();
        } else if (renewal.confirm()) {
            loseAllButNewer();
        }
    }

    private void receiveNews(StepNews news) throws IOException {
        long step = news.step();
        if (step != window.read() + 1) {
            early.keep(step, window.read(), parser.copy());
            return;
        }
        window.advance();
        watch.onStep();
        while (news.next()) {
            tell(news);
        }
        keepGoing();
        @Nullable InputStream next = early.remove(window.read() + 1);
        if (next != null && state != State.OVER) {
            receive(parser.parse(next));
        }
    }

    private void tell(StepNews news) {
        SubscribedExchange exchange = table.find(news.handle());
        if (exchange == null) {
            return;
        }
        if (news.end() == StepEnd.FAILED && news.error().contains(CUT)) {
            watch.onCut();
        }
        exchange.receive(news);
    }

    /** Tells the engine that it may go on, and by what. */
    private void keepGoing() {
        if (state == State.LEFT && !table.isEmpty()) {
            watchTheWindow();
        } else if (state == State.OPEN && window.renewalIsDue() && !renewal.isUnderWay()) {
            renew();
        } else if (state == State.OPEN && window.acknowledgementIsDue()) {
            acknowledge();
        }
    }

    /** What is said behind it tells an instance that does not know the subscription, and takes it for a new one. */
    private void renew() {
        renewal.begin();
        window.renew();
        watch.onRenewed();
        call.sendMessage(commands.subscribe(StepWindow.STEPS));
        acknowledge();
    }

    private void acknowledge() {
        long step = window.acknowledge();
        send(commands.acknowledge(step), new Said(List.of(), step));
    }

    private void receiveReply() throws BrokenContractException {
        Said said = unanswered.remove(parser.id());
        String error = parser.error();
        if (said == null && error.isEmpty()) {
            throw new BrokenContractException(
                    "id: of no request on this stream (expected: one of this subscription's)");
        }
        if (said == null) {
            giveUp(error);
        } else if (error.isEmpty()) {
            window.confirm(said.acknowledged());
        } else {
            receiveRefusal(said.about(), error);
        }
        closeWhenIdle();
    }

    /** None of them was taken. Whatever the reason, the next ones do better to start with a subscription of their own. */
    private void receiveRefusal(List<SubscribedExchange> about, String error) {
        retire();
        boolean unknown = error.contains(UNKNOWN_SUBSCRIPTION);
        if (about.isEmpty() || unknown) {
            leave();
        }
        about.forEach(exchange -> exchange.refused(error, unknown));
    }

    private void leave() {
        if (state == State.OPEN) {
            state = State.LEFT;
            retire();
            outbox.clear().forEach(SubscribedExchange::moveOn);
        }
    }

    private void giveUp(String error) {
        call.cancel("no longer there", null);
        lose(Status.UNAVAILABLE.withDescription(error));
    }

    private void receiveEnd() {
        String error = parser.error();
        switch (renewal.end(error)) {
            case OLDER -> {
                outbox.flush();
                closeWhenIdle();
            }
            case EITHER -> {
                leave();
                closeWhenIdle();
            }
            case ALL_BUT_NEWER -> loseAllButNewer();
            case ALL -> endWith(error);
        }
    }

    /** The newer request is of no use. It is cancelled a little later, when what was said behind it is answered. */
    private void loseAllButNewer() {
        leave();
        lose(Status.UNAVAILABLE.withDescription(renewal.error()));
        timer.start(settings.idle());
    }

    /** The stream is not cancelled: Triton never lets go of a request whose cancellation crosses its end. */
    private void endWith(String error) {
        leave();
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
        return state == State.OPEN && !renewal.isUnderWay();
    }

    @Override
    public void submit(List<SubscribedExchange> exchanges, List<ByteString> submissions) {
        send(commands.submit(submissions), new Said(exchanges, 0));
    }

    @Override
    public void stop(List<Long> handles) {
        send(commands.stop(handles), new Said(List.of(), 0));
    }

    private void send(ModelInferRequest command, Said said) {
        unanswered.put(command.getId(), said);
        call.sendMessage(command);
    }
}
