package dev.conch.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.admission.AdmissionListener.QueueEnd;
import dev.conch.admission.AdmissionListener.Refusal;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdmissionControllerTest {
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    /** Its event loop runs when told to, and so does its clock. */
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private final List<String> heard = new ArrayList<>();
    private boolean heapIsFull;
    private long now;

    @BeforeEach
    void stopTheClock() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void refusesMoreThanFit() {
        AdmissionController admission = door(2, 0);
        admission.enter(channel.eventLoop(), 0);
        admission.enter(channel.eventLoop(), 0);
        assertOverloaded(admission);
        assertThat(admission.inside()).isEqualTo(2);
        assertThat(admission.limit()).isEqualTo(2);
        assertThat(heard).containsExactly("refused QUEUE_FULL");
    }

    @Test
    void grantsAtOnceWhatFits() {
        Permit permit = door(1, 1).enter(channel.eventLoop(), 0);
        assertThat(permit.granted()).isCompleted();
        assertThat(heard).isEmpty();
    }

    @Test
    void givesTheOldPlaceAway() {
        AdmissionController admission = door(2, 0);
        admission.enter(channel.eventLoop(), 0);
        admission.enter(channel.eventLoop(), 0).close();
        admission.enter(channel.eventLoop(), 0);
        assertThat(admission.inside()).isEqualTo(2);
    }

    @Test
    void leavingTwiceFreesOnePlace() {
        AdmissionController admission = door(2, 0);
        Permit first = admission.enter(channel.eventLoop(), 0);
        admission.enter(channel.eventLoop(), 0);
        first.close();
        first.close();
        assertThat(admission.inside()).isEqualTo(1);
    }

    @Test
    void firstComeFirstServed() {
        AdmissionController admission = door(1, 2);
        Permit inside = admission.enter(channel.eventLoop(), 0);
        Permit first = admission.enter(channel.eventLoop(), 0);
        Permit second = admission.enter(channel.eventLoop(), 0);
        assertThat(admission.queued()).isEqualTo(2);
        assertOverloaded(admission);
        now = 7;
        inside.close();
        assertThat(first.granted()).as("told on the event loop").isNotCompleted();
        channel.runPendingTasks();
        assertThat(first.granted()).isCompleted();
        assertThat(second.granted()).isNotCompleted();
        assertThat(admission.inside()).isEqualTo(1);
        first.close();
        channel.runPendingTasks();
        assertThat(second.granted()).isCompleted();
        second.close();
        assertThat(admission.inside()).isZero();
        assertThat(heard).containsExactly("refused QUEUE_FULL", "ADMITTED after 7", "ADMITTED after 7");
    }

    @Test
    void nobodyOvertakes() {
        AdmissionController admission = door(1, 2);
        Permit inside = admission.enter(channel.eventLoop(), 0);
        Permit waiting = admission.enter(channel.eventLoop(), 0);
        inside.close();
        Permit late = admission.enter(channel.eventLoop(), 0);
        channel.runPendingTasks();
        assertThat(waiting.granted()).isCompleted();
        assertThat(late.granted()).isNotCompleted();
    }

    @Test
    void theMostUrgentIsNext() {
        AdmissionController admission = door(1, 4);
        Permit inside = admission.enter(channel.eventLoop(), 9);
        List<Permit> waiting = List.of(
                admission.enter(channel.eventLoop(), 0),
                admission.enter(channel.eventLoop(), 5),
                admission.enter(channel.eventLoop(), -5),
                admission.enter(channel.eventLoop(), 0));
        assertOverloaded(admission);
        for (int next : new int[] {2, 0, 3, 1}) {
            inside.close();
            channel.runPendingTasks();
            inside = waiting.get(next);
            assertThat(inside.granted()).as("number " + next).isCompleted();
            assertThat(admission.queued())
                    .isEqualTo(waiting.stream()
                            .filter(permit ->
                                    !permit.granted().toCompletableFuture().isDone())
                            .count());
        }
        inside.close();
        assertThat(admission.inside()).isZero();
    }

    @Test
    void whoGoesLeavesTheQueue() {
        AdmissionController admission = door(1, 1);
        Permit inside = admission.enter(channel.eventLoop(), 0);
        Permit gone = admission.enter(channel.eventLoop(), 0);
        gone.close();
        gone.close();
        assertThat(admission.queued()).isZero();
        Permit next = admission.enter(channel.eventLoop(), 0);
        inside.close();
        channel.runPendingTasks();
        assertThat(next.granted()).isCompleted();
        assertThat(gone.granted()).isNotCompleted();
        assertThat(heard).containsExactly("ABANDONED after 0", "ADMITTED after 0");
    }

    @Test
    void whoGoesBeforeHearingOfItsPlacePassesItOn() {
        AdmissionController admission = door(1, 2);
        Permit inside = admission.enter(channel.eventLoop(), 0);
        Permit gone = admission.enter(channel.eventLoop(), 0);
        Permit next = admission.enter(channel.eventLoop(), 0);
        inside.close();
        gone.close();
        channel.runPendingTasks();
        assertThat(gone.granted()).isNotCompleted();
        assertThat(next.granted()).isCompleted();
        next.close();
        assertThat(admission.inside()).isZero();
    }

    @Test
    void waitsNoLongerThanItIsToldTo() {
        AdmissionController admission = door(1, 1);
        Permit inside = admission.enter(channel.eventLoop(), 0);
        Permit waiting = admission.enter(channel.eventLoop(), 0);
        advance(MAX_WAIT.minusMillis(1));
        assertThat(waiting.granted()).isNotCompleted();
        advance(Duration.ofMillis(1));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> waiting.granted().toCompletableFuture().join())
                .havingCause()
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(admission.queued()).isZero();
        waiting.close();
        inside.close();
        assertThat(admission.inside()).isZero();
        assertThat(heard).containsExactly("EXPIRED after 5000000000", "refused QUEUE_WAIT");
    }

    @Test
    void aGrantedPlaceDoesNotExpire() {
        AdmissionController admission = door(1, 1);
        Permit inside = admission.enter(channel.eventLoop(), 0);
        Permit waiting = admission.enter(channel.eventLoop(), 0);
        inside.close();
        advance(MAX_WAIT);
        assertThat(waiting.granted()).isCompleted();
        assertThat(admission.inside()).isEqualTo(1);
    }

    @Test
    void aFullHeapShutsTheDoor() {
        AdmissionController admission = door(2, 2);
        heapIsFull = true;
        assertOverloaded(admission);
        assertThat(heard).containsExactly("refused HEAP");
        heapIsFull = false;
        assertThat(admission.enter(channel.eventLoop(), 0).granted()).isCompleted();
    }

    private AdmissionController door(int places, int queue) {
        return new AdmissionController(
                new AdmissionLimits(places, queue, MAX_WAIT), () -> heapIsFull, () -> now, new Heard());
    }

    private void advance(Duration duration) {
        now += duration.toNanos();
        channel.advanceTimeBy(duration.toMillis(), TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    private void assertOverloaded(AdmissionController admission) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> admission.enter(channel.eventLoop(), 0))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    private final class Heard implements AdmissionListener {
        @Override
        public void onQueueLeft(QueueEnd end, long nanos) {
            heard.add(end + " after " + nanos);
        }

        @Override
        public void onRefused(Refusal reason) {
            heard.add("refused " + reason);
        }
    }
}
