package dev.conch.sim.grpc;

import dev.conch.proto.inference.ModelConfig;
import dev.conch.proto.inference.ModelInput;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelMetadataResponse.TensorMetadata;
import dev.conch.proto.inference.ModelOutput;
import dev.conch.proto.inference.ModelParameter;
import dev.conch.proto.inference.ModelTensorReshape;
import dev.conch.proto.inference.ModelTransactionPolicy;
import dev.conch.sim.tensor.TensorContract;
import dev.conch.sim.tensor.TensorSpec;
import java.util.Map;

/**
 * The one model of the simulated server, as it describes itself. Immutable.
 *
 * @param parameters of its configuration
 */
public record ModelDescription(String name, int maxBatchSize, Map<String, String> parameters, TensorContract contract) {
    public ModelDescription {
        parameters = Map.copyOf(parameters);
    }

    ModelMetadataResponse metadata() {
        ModelMetadataResponse.Builder response = ModelMetadataResponse.newBuilder()
                .setName(name)
                .addVersions("1")
                .setPlatform("tensorrt_llm");
        contract.inputs().forEach(spec -> response.addInputs(metadata(spec)));
        contract.outputs().forEach(spec -> response.addOutputs(metadata(spec)));
        return response.build();
    }

    ModelConfig config() {
        ModelConfig.Builder config = ModelConfig.newBuilder()
                .setName(name)
                .setBackend("simulated")
                .setMaxBatchSize(maxBatchSize)
                .setModelTransactionPolicy(ModelTransactionPolicy.newBuilder().setDecoupled(true));
        parameters.forEach((name, value) -> config.putParameters(name, parameter(value)));
        contract.inputs().forEach(spec -> config.addInput(input(spec)));
        contract.outputs().forEach(spec -> config.addOutput(output(spec)));
        return config.build();
    }

    private static TensorMetadata.Builder metadata(TensorSpec spec) {
        return TensorMetadata.newBuilder()
                .setName(spec.name())
                .setDatatype(spec.datatype().name())
                .addAllShape(spec.shape());
    }

    private static ModelInput.Builder input(TensorSpec spec) {
        ModelInput.Builder input = ModelInput.newBuilder()
                .setName(spec.name())
                .setDataType(spec.datatype().inConfig())
                .addAllDims(spec.dims())
                .setOptional(spec.optional());
        return spec.scalar() ? input.setReshape(ModelTensorReshape.getDefaultInstance()) : input;
    }

    private static ModelOutput.Builder output(TensorSpec spec) {
        return ModelOutput.newBuilder()
                .setName(spec.name())
                .setDataType(spec.datatype().inConfig())
                .addAllDims(spec.dims());
    }

    private static ModelParameter parameter(String value) {
        return ModelParameter.newBuilder().setStringValue(value).build();
    }
}
