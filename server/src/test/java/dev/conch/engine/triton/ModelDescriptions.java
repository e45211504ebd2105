package dev.conch.engine.triton;

import dev.conch.proto.inference.ModelConfig;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.conch.proto.inference.ModelParameter;
import dev.conch.proto.inference.ModelTransactionPolicy;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model as it describes itself, to be changed by tests; begins as one that has all that the front end knows. Not thread-safe. */
final class ModelDescriptions {
    private String version = "1";
    private String platform = "tensorrtllm";
    private final Map<String, String> inputs = new LinkedHashMap<>();
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private final ModelConfig.Builder config = ModelConfig.newBuilder();

    ModelDescriptions() {
        for (InputTensor tensor : InputTensor.values()) {
            inputs.put(tensor.tensorName(), tensor.datatype().name());
        }
        for (OutputTensor tensor : OutputTensor.values()) {
            outputs.put(tensor.tensorName(), tensor.datatype().name());
        }
        decoupled(true);
        withParameter("guided_decoding_types", "json,json_schema,regex,ebnf_grammar,structural_tag");
    }

    ModelDescriptions without(String tensor) {
        inputs.remove(tensor);
        outputs.remove(tensor);
        return this;
    }

    ModelDescriptions withInput(String name, String datatype) {
        inputs.put(name, datatype);
        return this;
    }

    ModelDescriptions decoupled(boolean decoupled) {
        config.setModelTransactionPolicy(ModelTransactionPolicy.newBuilder().setDecoupled(decoupled));
        return this;
    }

    ModelDescriptions withParameter(String name, String value) {
        config.putParameters(
                name, ModelParameter.newBuilder().setStringValue(value).build());
        return this;
    }

    ModelDescriptions withoutParameter(String name) {
        config.removeParameters(name);
        return this;
    }

    ModelDescriptions version(String only) {
        version = only;
        return this;
    }

    ModelDescriptions platform(String name) {
        platform = name;
        return this;
    }

    ModelMetadataResponse metadata() {
        var metadata = ModelMetadataResponse.newBuilder().addVersions(version).setPlatform(platform);
        inputs.forEach((name, datatype) -> metadata.addInputs(tensor(name, datatype)));
        outputs.forEach((name, datatype) -> metadata.addOutputs(tensor(name, datatype)));
        return metadata.build();
    }

    ModelConfigResponse config() {
        return ModelConfigResponse.newBuilder().setConfig(config).build();
    }

    ModelCapabilities read() throws BrokenContractException {
        return ModelCapabilities.read(metadata(), config());
    }

    private static TensorMetadata.Builder tensor(String name, String datatype) {
        return TensorMetadata.newBuilder().setName(name).setDatatype(datatype);
    }
}
