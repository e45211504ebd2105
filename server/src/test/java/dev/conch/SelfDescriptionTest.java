package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server says of itself and of what it did not read: models, document, page, ignored fields. */
class SelfDescriptionTest {
    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

    @TempDir
    Path folder;

    @Test
    void tellsWhatAModelHonours() {
        try (RunningHouse house = open()) {
            String model = house.get("/v1/models/tiny").body();
            assertThat(model)
                    .contains("\"max_model_len\":256,\"capabilities\":{\"endpoints\":[\"/v1/chat/completions\"")
                    .contains("\"input_modalities\":[\"text\"]", "\"chat_template_kwargs\":[]", "\"temperature\"")
                    .contains("\"response_formats\":[\"text\"", "\"tool_format\":null,\"reasoning_format\":null");
            assertThat(house.get("/v1/models").body()).doesNotContain("capabilities");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/../tiny", "%2e%2e%2ftiny", "tiny%00", "org/tiny", "%20", "tiny%0d%0ax"})
    void knowsNoModelOfAnotherName(String name) {
        try (RunningHouse house = open()) {
            assertNoModel(house.get("/v1/models/" + name));
            assertNoModel(house.get("/v1/models/" + "x".repeat(1000)));
        }
    }

    private static void assertNoModel(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).hasSizeLessThan(400).contains("\"param\":\"model\",\"code\":\"model_not_found\"");
    }

    @Test
    void servesItsDocumentAndAPageOfIt() {
        try (RunningHouse house = open()) {
            HttpResponse<String> document = house.get("/v1/openapi.yaml");
            assertThat(document.body()).startsWith("openapi: 3.1.0\n").contains("/v1/chat/completions:");
            assertThat(document.headers().firstValue("content-type")).contains("application/yaml");
            HttpResponse<String> page = house.get("/v1/docs");
            assertThat(page.body()).startsWith("<!doctype html>");
            assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
            assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                    .startsWith("default-src 'none';");
        }
    }

    @Test
    void namesTheFieldsThatItIgnored() {
        try (RunningHouse house = open()) {
            HttpResponse<String> answer = house.chat(CHAT.formatted(",\"x_b\":1,\"temprature\":0"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-conch-ignored-parameters"))
                    .contains("x_b, temprature");
            assertThat(house.chat(CHAT.formatted("")).headers().firstValue("x-conch-ignored-parameters"))
                    .isEmpty();
        }
    }

    @Test
    void namesThemInAStreamToo() {
        try (RunningHouse house = open()) {
            assertThat(house.chat(CHAT.formatted(",\"stream\":true,\"x_b\":1"))
                            .headers()
                            .firstValue("x-conch-ignored-parameters"))
                    .contains("x_b");
        }
    }

    private RunningHouse open() {
        return RunningHouse.open(
                folder, "", "", Map.of(), new ScriptedEngine(ScriptedEngine.say(300), ScriptedEngine.end(End.STOP)));
    }
}
