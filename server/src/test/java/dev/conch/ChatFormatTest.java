package dev.conch;

import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.StopConditions;
import dev.conch.tokenizer.DecodeStream;
import dev.conch.tokenizer.Tokenizer;
import dev.conch.tokenizer.TokenizerLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model with {@code chat-format} in the configuration, from the file to the answer. */
class ChatFormatTest {
    @TempDir
    Path folder;

    @Test
    void promptsAndStopsAsTheFormatSays() throws IOException {
        Tokenizer tokenizer = TokenizerLoader.standard()
                .load(TestModel.into(folder.resolve("tiny")).resolve("tokenizer.json"));
        int[] answer = tokenizer.encode("From rivers.\n\n### Instruction:\nNext.", List.of());
        var engine = new ScriptedEngine(say(answer), end(End.LENGTH));
        try (RunningHouse house = RunningHouse.open(
                folder.resolve("house"), "", "", "max-model-len: 256, chat-format: alpaca", Map.of(), engine)) {
            String body = house.chat("""
                            {"model":"tiny","stop":["No."],"messages":[{"role":"user","content":"Why is the sea salty?"}]}""").body();
            assertThat(Folded.answer(body).content()).isEqualTo("From rivers.\n\n");
            assertThat(Folded.answer(body).finishReason()).isEqualTo("stop");
        }
        GenerationRequest request = engine.requests().getFirst();
        assertThat(request.stop().stopSequences()).containsExactly("No.");
        assertThat(request.stop().endSequences()).containsExactly("### Instruction:");
        assertThat(text(tokenizer, request.promptTokenIds()))
                .endsWith("### Instruction:\nWhy is the sea salty?\n\n### Response:\n");
    }

    @Test
    void hasNothingToSayOfTextsThatAreCompleted() {
        var engine = new ScriptedEngine(end(End.LENGTH));
        try (RunningHouse house =
                RunningHouse.open(folder, "", "", "max-model-len: 256, chat-format: alpaca", Map.of(), engine)) {
            house.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":\"a\",\"stop\":\"No.\"}");
        }
        StopConditions stop = engine.requests().getFirst().stop();
        assertThat(stop.stopSequences()).containsExactly("No.");
        assertThat(stop.endSequences()).isEmpty();
    }

    private static String text(Tokenizer tokenizer, int[] ids) {
        var text = new StringBuilder();
        DecodeStream decoding = tokenizer.decodeStream(true);
        for (int id : ids) {
            text.append(decoding.append(id));
        }
        return text.append(decoding.finish()).toString();
    }
}
