package dev.conch.engine.triton;

import dev.conch.proto.inference.ModelConfig;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a model says of itself, in short: the same as long as its versions, its backend, its tensors and its parameters are, however often
 * it is asked and loaded.
 */
final class ModelIdentity {
    private ModelIdentity() {}

    /** 64 hexadecimal digits. */
    static String digest(ModelMetadataResponse metadata, ModelConfigResponse response) {
        ModelConfig config = response.getConfig();
        String description = Stream.of(
                        Stream.of("platform " + metadata.getPlatform(), "backend " + config.getBackend()),
                        metadata.getVersionsList().stream().map(version -> "version " + version),
                        tensors("input ", metadata.getInputsList()),
                        tensors("output ", metadata.getOutputsList()),
                        config.getParametersMap().entrySet().stream()
                                .map(each -> "parameter " + each.getKey() + "="
                                        + each.getValue().getStringValue()))
                .flatMap(each -> each)
                .sorted()
                .collect(Collectors.joining("\n"));
        return HexFormat.of().formatHex(sha256().digest(description.getBytes(StandardCharsets.UTF_8)));
    }

    private static Stream<String> tensors(String kind, List<TensorMetadata> tensors) {
        return tensors.stream().map(tensor -> kind + tensor.getName() + " " + tensor.getDatatype());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
