package dev.conch.loadtest;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.sse;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.SseMessageCheck;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Each user streams one chat completion: the first token has to come, then {@code [DONE]}, and nobody may fail.
 *
 * <p>Gatling counts a stream's time from the response head, and Conch holds the head back until the first token is there.
 * Neither of Gatling's own figures is therefore the time to the first token, and it is taken here: from the request to the first
 * message with text. Both checks stand in one chain, because a message that comes while no check is set is lost to them.
 */
public final class ChatSmokeSimulation extends Simulation {
    private static final String TIME_TO_FIRST_TOKEN = "time to first token";
    private static final String DONE = "[DONE]";
    private static final String SENT_NANOS = "sentNanos";
    private static final String FIRST_TOKEN_MILLIS = "firstTokenMillis";

    private static final Duration FIRST_TOKEN_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration DONE_TIMEOUT = Duration.ofMinutes(2);

    private final LoadSettings settings = LoadSettings.read();

    public ChatSmokeSimulation() {
        setUp(scenario("chat")
                        .exec(chat())
                        .injectOpen(rampUsers(settings.users()).during(settings.ramp())))
                .protocols(protocol())
                .assertions(
                        global().failedRequests().count().is(0L),
                        details(DONE).allRequests().count().is((long) settings.users()));
    }

    private HttpProtocolBuilder protocol() {
        HttpProtocolBuilder protocol = http.baseUrl(settings.base());
        return settings.apiKey()
                .map(key -> protocol.authorizationHeader("Bearer " + key))
                .orElse(protocol);
    }

    private ChainBuilder chat() {
        return exec(session -> session.set(SENT_NANOS, System.nanoTime()))
                .exec(sse("stream")
                        .post("/v1/chat/completions")
                        .header("Content-Type", "application/json")
                        .body(StringBody(body()))
                        .await(FIRST_TOKEN_TIMEOUT)
                        .on(firstToken())
                        .await(DONE_TIMEOUT)
                        .on(done()))
                .exec(sse("close").close())
                .exitHereIfFailed()
                .exec(dummy(TIME_TO_FIRST_TOKEN, session -> session.getInt(FIRST_TOKEN_MILLIS)));
    }

    /** The role comes before the text, and is not a token. */
    private static SseMessageCheck firstToken() {
        String text = "\"content\":\\s*\"[^\"]";
        return sse.checkMessage("first message with text")
                .matching(regex(text))
                .check(regex(text)
                        .find()
                        .transformWithSession((_, session) -> millisSinceSent(session))
                        .saveAs(FIRST_TOKEN_MILLIS));
    }

    private static SseMessageCheck done() {
        return sse.checkMessage(DONE).matching(substring(DONE)).check(substring(DONE));
    }

    private static int millisSinceSent(Session session) {
        return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - session.getLong(SENT_NANOS));
    }

    private String body() {
        return """
                {
                  "model": "%s",
                  "max_tokens": %d,
                  "stream": true,
                  "messages": [{"role": "user", "content": "Name three rivers."}]
                }
                """.formatted(settings.model(), settings.maxTokens());
    }
}
