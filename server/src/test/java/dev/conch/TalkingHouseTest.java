package dev.conch;

import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.say;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One server for all tests of a class, whose engine answers whatever gets as far as that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TalkingHouseTest {
    final ScriptedEngine engine = new ScriptedEngine(say(300), end(End.STOP));
    RunningHouse house;

    @SuppressWarnings("NullAway.Init")
    TalkingHouseTest() {}

    @BeforeAll
    void open(@TempDir Path folder) {
        house = RunningHouse.open(folder, "", "", Map.of(), engine);
    }

    @AfterAll
    void close() {
        house.close();
    }
}
