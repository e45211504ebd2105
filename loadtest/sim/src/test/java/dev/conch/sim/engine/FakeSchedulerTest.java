package dev.conch.sim.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeSchedulerTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final List<String> ran = new ArrayList<>();

    private Runnable task(String name) {
        return () -> ran.add(name + "@" + scheduler.nanoTime());
    }

    @Test
    void tasksRunAtTheirTimeInOrder() {
        scheduler.schedule(task("late"), 5);
        scheduler.schedule(task("early"), 2);
        scheduler.execute(task("now"));
        scheduler.execute(task("then"));
        scheduler.pass(4);
        assertThat(ran).containsExactly("now@0", "then@0", "early@2");
        scheduler.pass(1);
        assertThat(ran).hasSize(4).endsWith("late@5");
        assertThat(scheduler.isIdle()).isTrue();
    }

    @Test
    void aTaskMayScheduleAnother() {
        scheduler.schedule(() -> scheduler.schedule(task("second"), 1), 1);
        scheduler.pass(2);
        assertThat(ran).containsExactly("second@2");
    }

    @Test
    void closingDropsWhatHasNotRun() {
        scheduler.execute(task("never"));
        scheduler.close();
        scheduler.pass(1);
        assertThat(ran).isEmpty();
    }
}
