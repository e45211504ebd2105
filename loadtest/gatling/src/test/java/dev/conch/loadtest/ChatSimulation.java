package dev.conch.loadtest;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.sse;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.SseMessageCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Users arrive when the plan says so, whatever became of those before them (open model: a slow server gets more to do, not less), and each
 * streams one chat completion.
 *
 * <p>Gatling's own clock for streams counts from the response head and in milliseconds. So the time of every event is taken here, in the
 * condition that Gatling asks of each event whether it is the last; one condition from the first event to the last, because an event that
 * comes while no check is set is lost to checks.
 *
 * <p>When all have been served, one last user puts the run's figures beside the SLO; the assertions are on what that one says.
 */
public final class ChatSimulation extends Simulation {
    private static final String STREAM = "stream";
    private static final String TTFT_VERDICT = "SLO: TTFT p99";
    private static final String ITL_VERDICT = "SLO: ITL p99";
    private static final String GOODPUT_VERDICT = "SLO: goodput";
    private static final String COMPLETE_VERDICT = "every stream complete";
    private static final String RECORDER = "recorder";
    private static final String REQUEST = "request";

    private final LoadSettings settings = LoadSettings.read();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicLong beganNanos = new AtomicLong();
    private final AtomicLong endedNanos = new AtomicLong();

    public ChatSimulation() {
        PopulationBuilder verdict = scenario("verdict").exec(verdict()).injectOpen(atOnceUsers(1));
        PopulationBuilder chats = scenario("chat").exec(chat()).injectOpen(arrivals());
        setUp(scenario("warm-up").exec(warmUp()).injectOpen(atOnceUsers(1)).andThen(chats.andThen(verdict)))
                .protocols(protocol())
                .maxDuration(settings.arrivals().plus(settings.timeout().multipliedBy(2)))
                .assertions(
                        details(COMPLETE_VERDICT).successfulRequests().count().is(1L),
                        details(TTFT_VERDICT).successfulRequests().count().is(1L),
                        details(ITL_VERDICT).successfulRequests().count().is(1L),
                        details(GOODPUT_VERDICT).successfulRequests().count().is(1L));
    }

    @Override
    public void after() {
        String text = summary().text();
        System.out.println("\n" + text);
        settings.summaryFile().ifPresent(file -> {
            try {
                Files.writeString(file, text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Summary summary() {
        double served = (endedNanos.get() - beganNanos.get()) / 1e9;
        return new Summary(settings, List.copyOf(answers), settings.arrivals().toSeconds(), served);
    }

    private List<OpenInjectionStep> arrivals() {
        return IntStream.range(0, settings.levels())
                .<OpenInjectionStep>mapToObj(level -> {
                    var constant = constantUsersPerSec(settings.rate(level)).during(settings.duration());
                    return settings.profile() == Profile.SMOKE ? constant : constant.randomized();
                })
                .toList();
    }

    private HttpProtocolBuilder protocol() {
        HttpProtocolBuilder protocol = http.baseUrl(settings.url()).disableWarmUp();
        return settings.apiKey()
                .map(key -> protocol.authorizationHeader("Bearer " + key))
                .orElse(protocol);
    }

    private Iterator<Map<String, Object>> feeder() {
        Iterator<ChatRequest> requests = ChatRequest.sequence(settings);
        return Stream.generate(() -> Map.<String, Object>of(REQUEST, requests.next()))
                .iterator();
    }

    private ChainBuilder chat() {
        return feed(feeder())
                .exec(session -> session.set(RECORDER, recorder()))
                .exec(stream(STREAM, this::body))
                .exec(this::finish)
                .doIf(session -> recorder(session).isOpen() || !session.isFailed())
                .then(exec(sse("close").close()))
                .doIf(session -> !session.isFailed())
                .then(figures());
    }

    private ActionBuilder stream(String name, Function<Session, String> body) {
        return sse(name)
                .post("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .body(StringBody(body))
                .await(settings.timeout())
                .on(events());
    }

    /** The first stream would measure how long this JVM takes to load its classes, so it is nobody's. */
    private ChainBuilder warmUp() {
        ChatRequest hello = new ChatRequest("Hello", 2);
        return exec(session -> session.set(RECORDER, new StreamRecorder(System.nanoTime(), 0)))
                .exec(stream("warm-up", _ -> hello.body(settings.model())))
                .doIf(session -> recorder(session).isOpen() || !session.isFailed())
                .then(exec(sse("close").close()));
    }

    private ChainBuilder figures() {
        return exec(
                dummy("time to first token", session -> millis(session.getLong("ttft"))),
                dummy("time per output token", session -> millis(session.getLong("itl"))));
    }

    private StreamRecorder recorder() {
        long now = System.nanoTime();
        beganNanos.compareAndSet(0, now);
        int level = (int) ((now - beganNanos.get()) / settings.duration().toNanos());
        return new StreamRecorder(now, Math.clamp(level, 0, settings.levels() - 1));
    }

    private String body(Session session) {
        ChatRequest request = Objects.requireNonNull(session.get(REQUEST));
        return request.body(settings.model());
    }

    private SseMessageCheck events() {
        return sse.checkMessage("[DONE]")
                .matching(bodyString()
                        .transformWithSession(
                                (event, session) -> recorder(session).accept(event, System.nanoTime()))
                        .is(true));
    }

    private static StreamRecorder recorder(Session session) {
        return Objects.requireNonNull(session.get(RECORDER));
    }

    private Session finish(Session session) {
        StreamRecorder recorder = recorder(session);
        Answer answer = recorder.answer(session.isFailed() && recorder.isOver(System.nanoTime(), settings.timeout()));
        answers.add(answer);
        endedNanos.set(System.nanoTime());
        return session.set("ttft", answer.ttftNanos()).set("itl", answer.meanGapNanos());
    }

    private ChainBuilder verdict() {
        Slo slo = settings.slo();
        return exec(
                verdict(
                        COMPLETE_VERDICT,
                        _ -> 0L,
                        of -> of.complete() == of.answers().size()),
                verdict(
                        TTFT_VERDICT,
                        of -> of.ttftNanos(99),
                        of -> of.ttftNanos(99) <= slo.ttft().toNanos()),
                verdict(
                        ITL_VERDICT,
                        of -> of.itlNanos(99),
                        of -> of.itlNanos(99) <= slo.itl().toNanos()),
                verdict(GOODPUT_VERDICT, _ -> 0L, of -> of.goodShare() >= slo.goodput()));
    }

    private ChainBuilder verdict(String name, ToLongFunction<Summary> nanos, Predicate<Summary> kept) {
        return exec(session -> session.set("nanos", nanos.applyAsLong(judged())).set("kept", kept.test(judged())))
                .exec(dummy(name, session -> millis(session.getLong("nanos")))
                        .withSuccess(session -> session.getBoolean("kept")))
                .exec(Session::markAsSucceeded);
    }

    /** What has to keep the SLO: a ramp goes on until nothing can, so there it is its first level. */
    private Summary judged() {
        return settings.profile() == Profile.RAMP ? summary().level(0) : summary();
    }

    private static int millis(long nanos) {
        return (int) Duration.ofNanos(nanos).toMillis();
    }
}
