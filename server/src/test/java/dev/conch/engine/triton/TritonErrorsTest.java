package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TritonErrorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # text of Triton or the engine                                                          | before the first token  | after it
        Maximum queue size of 8 has been reached, please try again later                        | OVERLOADED              | UPSTREAM_INTERRUPTED
        [request id: a1] Exceeds maximum queue size                                             | OVERLOADED              | UPSTREAM_INTERRUPTED
        Request for unknown model: 'tensorrt_llm' is not found                                  | NO_HEALTHY_BACKEND      | UPSTREAM_INTERRUPTED
        Request for unknown model: 'tensorrt_llm' version 7 is not found                        | NO_HEALTHY_BACKEND      | UPSTREAM_INTERRUPTED
        Request for unknown model: 'tensorrt_llm' has no available versions                     | NO_HEALTHY_BACKEND      | UPSTREAM_INTERRUPTED
        GRPC server is shutting down and has stopped accepting new requests.                    | NO_HEALTHY_BACKEND      | UPSTREAM_INTERRUPTED
        This protocol is restricted, expecting header 'triton-grpc-protocol-infer-key'          | NO_HEALTHY_BACKEND      | UPSTREAM_INTERRUPTED
        Request cancelled by client                                                             | NO_HEALTHY_BACKEND      | UPSTREAM_INTERRUPTED
        unexpected inference input 'x' for model 'tensorrt_llm'                                 | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        unexpected inference output 'x' for model 'tensorrt_llm'                                | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        [request id: a] inference input 'i' data-type is 'UINT32', but model 'm' expects 'INT32'| UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        [request id: a] input 'i' batch size does not match other inputs for 'm'                | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        [request id: a] input byte size mismatch for input 'i' for model 'm'. Expected 20       | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        [request id: a] inference request batch-size must be <= 4 for 'm'                       | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        Invalid size for tensor temperature                                                     | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        Sparse list must not have decreasing offsets                                            | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        Streaming is only supported if model is deployed using decoupled mode.                  | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        Batch size > 1 requires the tensorrt_llm backend to be using decoupled transaction policy | UPSTREAM_REJECTED     | UPSTREAM_REJECTED
        The embedding bias shape is not as expected. Expected last dimension to be same         | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        Trying to stop a request but request ID is not provided                                 | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        output_ids tensor must be present in list of output tensors                             | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        temperature: -1.0 (expected: at least 0)                                                | UPSTREAM_REJECTED       | UPSTREAM_REJECTED
        The model is being unloaded                                                             | NO_HEALTHY_BACKEND      | UPSTREAM_INTERRUPTED
        The engine failed on this request: llama_decode                                         | BAD_UPSTREAM_RESPONSE   | UPSTREAM_INTERRUPTED
        Error encountered while populating response: out of memory                              | BAD_UPSTREAM_RESPONSE   | UPSTREAM_INTERRUPTED
        CUDA error: an illegal memory access was encountered                                    | BAD_UPSTREAM_RESPONSE   | UPSTREAM_INTERRUPTED
        """)
    void knowsTheTextsInsideTheStream(String text, ErrorCode before, ErrorCode after) {
        assertThat(TritonErrors.ofText(text, false).code()).isEqualTo(before);
        assertThat(TritonErrors.ofText(text, true).code()).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({
        "OK, BAD_UPSTREAM_RESPONSE, BAD_UPSTREAM_RESPONSE",
        "UNAVAILABLE, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "CANCELLED, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "INTERNAL, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "UNKNOWN, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "ABORTED, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "DATA_LOSS, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "NOT_FOUND, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "UNAUTHENTICATED, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "PERMISSION_DENIED, NO_HEALTHY_BACKEND, UPSTREAM_INTERRUPTED",
        "RESOURCE_EXHAUSTED, OVERLOADED, UPSTREAM_INTERRUPTED",
        "DEADLINE_EXCEEDED, TIMEOUT, UPSTREAM_TIMEOUT",
        "INVALID_ARGUMENT, UPSTREAM_REJECTED, UPSTREAM_REJECTED",
        "FAILED_PRECONDITION, UPSTREAM_REJECTED, UPSTREAM_REJECTED",
        "OUT_OF_RANGE, UPSTREAM_REJECTED, UPSTREAM_REJECTED",
        "ALREADY_EXISTS, UPSTREAM_REJECTED, UPSTREAM_REJECTED",
        "UNIMPLEMENTED, BAD_UPSTREAM_RESPONSE, BAD_UPSTREAM_RESPONSE"
    })
    void knowsEveryStatusOfACall(Status.Code code, ErrorCode before, ErrorCode after) {
        assertThat(TritonErrors.ofClose(code.toStatus(), false).code()).isEqualTo(before);
        assertThat(TritonErrors.ofClose(code.toStatus(), true).code()).isEqualTo(after);
    }

    @ParameterizedTest
    @EnumSource
    void hasAnAnswerToEveryStatus(Status.Code code) {
        assertThat(TritonErrors.ofClose(code.toStatus(), false).clientMessage()).isNotEmpty();
    }

    @Test
    void believesTheTextMoreThanTheStatus() {
        var status = Status.UNAVAILABLE.withDescription("[request id: a] Exceeds maximum queue size");
        assertThat(TritonErrors.ofClose(status, false).code()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void tellsAnAnswerThatIsTooLargeFromAQueueThatIsFull() {
        var status = Status.RESOURCE_EXHAUSTED.withDescription("gRPC message exceeds maximum size 67108864: 70000000");
        assertThat(TritonErrors.ofClose(status, false).code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
    }

    @Test
    void takesAnExceptionOfOurOwnListenerForWhatItIs() {
        var bug = new IllegalStateException("a bug");
        GenerationException error = TritonErrors.ofClose(Status.CANCELLED.withCause(bug), true);
        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
        assertThat(error).hasCause(bug);
    }

    @Test
    void tellsTheClientBothNumbersOfAPromptThatIsTooLong() {
        GenerationException error = TritonErrors.ofText(
                "Executor failed process requestId 5 due to the following error: Encountered an error when fetching new"
                        + " request: Prompt length (5000) exceeds maximum input length (4095). Set log level to info and"
                        + " check TRTGptModel logs",
                false);
        assertThat(error.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        assertThat(error.param()).isEqualTo("messages");
        assertThat(error.clientMessage()).isEqualTo("messages: 5000 tokens (expected: at most 4095)");
    }

    @Test
    void doesWithoutTheNumbersOfAPromptThatIsTooLong() {
        GenerationException error = TritonErrors.ofText("prompt exceeds maximum input length", false);
        assertThat(error.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        assertThat(error.clientMessage()).startsWith("messages: ");
    }

    @Test
    void looksIntoTheFailureOfAQuestion() {
        var unavailable = Status.UNAVAILABLE.asRuntimeException();
        assertThat(TritonErrors.ofQuestion(new CompletionException(unavailable)).code())
                .isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        var late = Status.DEADLINE_EXCEEDED.asRuntimeException();
        assertThat(TritonErrors.ofQuestion(late).code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        var broken = new BrokenContractException("inputs: no input_ids");
        assertThat(TritonErrors.ofQuestion(new CompletionException(broken)).code())
                .isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
    }

    @Test
    void keepsTritonsWordsFromTheClientAndForTheOperator() {
        GenerationException error = TritonErrors.ofText("canary at 10.0.0.7:8001", false);
        assertThat(error.clientMessage()).doesNotContain("canary", "10.0.0.7");
        assertThat(TritonErrors.operatorText(error)).contains("canary at 10.0.0.7:8001");
    }

    @Test
    void tellsTheOperatorWhatIsBehindAFailure() {
        var status =
                Status.UNAVAILABLE.withDescription("io exception").withCause(new IOException("Connection refused"));
        assertThat(TritonErrors.operatorText(TritonErrors.ofClose(status, false)))
                .isEqualTo("UNAVAILABLE: io exception: Connection refused");
    }

    @Test
    void writesOneBoundedLineForTheOperator() {
        GenerationException error = TritonErrors.ofText("line\nforged \u001b[31m" + "x".repeat(10_000), true);
        assertThat(TritonErrors.operatorText(error))
                .doesNotContain("\n", "\u001b")
                .hasSizeLessThan(600);
    }
}
