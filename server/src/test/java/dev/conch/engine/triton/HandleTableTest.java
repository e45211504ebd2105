package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.engine.EngineRequests;
import dev.conch.engine.RecordingListener;
import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HandleTableTest {
    private final HandleTable table = new HandleTable();

    /** One that is told from others, and not used. */
    private static SubscribedExchange exchange() throws IOException {
        var request = EngineRequests.request();
        var attempt = new EngineRoute.Attempt(
                request,
                ModelInferRequest.getDefaultInstance(),
                new GenerationProgress(request, 0, new ModelDescriptions().read()),
                new RecordingListener(),
                new RequestLoop(Runnable::run),
                InProcessChannelBuilder.forName("nobody").build());
        return new SubscribedExchange(
                attempt,
                _ -> {
                    throw new IllegalStateException("not used");
                },
                TritonTimeouts.DEFAULT);
    }

    @Test
    void forgetsWhatIsRemovedThoughItsSlotIsUsedAgain() throws IOException {
        long first = table.add(exchange(), null);
        table.remove(first);
        assertThat(table.isEmpty()).isTrue();
        SubscribedExchange next = exchange();
        long second = table.add(next, null);
        assertThat(Handle.slot(second)).isEqualTo(Handle.slot(first));
        assertThat(table.find(first)).isNull();
        table.remove(first);
        assertThat(table.find(second)).isSameAs(next);
        assertThat(table.all()).containsExactly(next);
    }

    @Test
    void knowsNoHandleThatItDidNotGive() {
        assertThat(table.find(0)).isNull();
        assertThat(table.find(-1)).isNull();
        assertThat(table.find(Long.MAX_VALUE)).isNull();
    }

    @Test
    void findsEachOfMany() throws IOException {
        SubscribedExchange one = exchange();
        SubscribedExchange other = exchange();
        var random = new Random(1);
        List<Long> ones = new ArrayList<>();
        List<Long> others = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            ones.add(table.add(one, null));
            others.add(table.add(other, 2));
            if (random.nextBoolean()) {
                table.remove(ones.remove(random.nextInt(ones.size())));
            }
        }
        assertThat(ones).allSatisfy(handle -> assertThat(table.find(handle)).isSameAs(one));
        assertThat(others).allSatisfy(handle -> assertThat(table.find(handle)).isSameAs(other));
        assertThat(table.all()).hasSize(ones.size() + others.size());
    }

    @Property(tries = 200)
    void aHandleKeepsWhatItIsMadeOf(
            @ForAll @IntRange(min = 0, max = Handle.MAX_SLOTS - 1) int slot,
            @ForAll @IntRange(min = 0, max = 100) int alternatives,
            @ForAll @IntRange(min = 0) int serial) {
        long handle = Handle.of(slot, alternatives, serial * 1_000L);
        assertThat(handle).isNotNegative();
        assertThat(Handle.slot(handle)).isEqualTo(slot);
        assertThat(Handle.hasLogprobs(handle)).isTrue();
        assertThat(Handle.alternatives(handle)).isEqualTo(alternatives);
        assertThat(Handle.hasLogprobs(Handle.of(slot, null, serial))).isFalse();
    }

    @Test
    void stepsThatCameEarlyWaitForTheirTurn() throws IOException {
        var early = new EarlySteps(4);
        var message = StepMessages.of("s", 3, List.of()).stream();
        early.keep(3, 1, message);
        assertThat(early.remove(2)).isNull();
        assertThat(early.remove(3)).isSameAs(message);
        assertThat(early.remove(3)).isNull();
        assertThatExceptionOfType(BrokenContractException.class).isThrownBy(() -> early.keep(1, 1, message));
        assertThatExceptionOfType(BrokenContractException.class).isThrownBy(() -> early.keep(6, 1, message));
    }
}
