package dev.conch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A model's folder with the tiny tokenizer and a ChatML template, as a checkpoint from a hub would have it. */
final class TestModel {
    static final String NAME = "tiny";
    static final String TEMPLATE =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private TestModel() {}

    /** Writes the folder's files. */
    static Path into(Path folder) {
        try (InputStream tokenizer =
                Objects.requireNonNull(TestModel.class.getResourceAsStream("/tokenizer/tokenizer.json"))) {
            Files.createDirectories(folder);
            Files.copy(tokenizer, folder.resolve("tokenizer.json"));
            Files.writeString(
                    folder.resolve("tokenizer_config.json"),
                    "{\"bos_token\": \"<|im_start|>\", \"eos_token\": {\"content\": \"<|im_end|>\"}}");
            Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
