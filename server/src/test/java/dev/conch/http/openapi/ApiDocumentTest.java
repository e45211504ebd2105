package dev.conch.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.http.request.Endpoint;
import dev.conch.http.request.RequestLimits;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ApiDocumentTest {
    private final ApiDocument document = ApiDocument.of(new RequestLimits(false, 7, 9));

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = references(document.root()).toList();
        assertThat(references)
                .hasSizeGreaterThan(50)
                .allSatisfy(reference -> assertThat(at(reference.substring(2).split("/")))
                        .as(reference)
                        .isNotNull());
    }

    @Test
    void hasTheLimitsOfTheConfiguration() {
        assertThat(at("components", "schemas", "CreateCompletionRequest", "properties", "n", "maximum"))
                .isEqualTo(7);
        assertThat(String.valueOf(at("components", "schemas", "Stop"))).contains("maxItems=9");
    }

    @Test
    void isServedAsYamlThatAnybodyReads() {
        assertThat(document.yaml()).doesNotContain("&id").doesNotContain("<<").doesNotContain("x-shared");
        Object again = new Yaml(new SafeConstructor(new LoaderOptions())).load(document.yaml());
        assertThat(again).isEqualTo(document.root());
    }

    @ParameterizedTest
    @EnumSource
    void hasEveryEndpoint(Endpoint endpoint) {
        assertThat(at("paths", endpoint.path(), "post", "responses", "400")).isNotNull();
    }

    /** The page has a link for every reference, and nothing that a browser would load. */
    @Test
    void isAPageToo() {
        var page = new ApiPage(document.root());
        assertThat(page.html())
                .startsWith("<!doctype html>")
                .contains("<code>/v1/chat/completions</code>", "<a href=\"#Messages\">Messages</a>", "id=\"Messages\"")
                .doesNotContain("<script", "src=", "href=\"http", "url(", "@import");
        assertThat(page.contentSecurityPolicy()).startsWith("default-src 'none'; style-src 'sha256-");
    }

    @Test
    void escapesWhatItShows() {
        var page = new ApiPage(Map.of("info", Map.of("title", "<b>\"&", "description", "")));
        assertThat(page.html()).contains("<h1>&lt;b&gt;&quot;&amp;</h1>");
    }

    private Object at(String... path) {
        Object place = document.root();
        for (String name : path) {
            place = Objects.requireNonNull(((Map<?, ?>) place).get(name), String.join("/", path));
        }
        return place;
    }

    private static Stream<String> references(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                Stream.concat(
                        map.get("$ref") instanceof String reference ? Stream.of(reference) : Stream.empty(),
                        map.values().stream().filter(Objects::nonNull).flatMap(ApiDocumentTest::references));
            case List<?> list -> list.stream().filter(Objects::nonNull).flatMap(ApiDocumentTest::references);
            default -> Stream.empty();
        };
    }
}
