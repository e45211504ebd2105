package dev.conch.output.toolcall;

import dev.conch.output.toolcall.functionary.FunctionaryCards;
import dev.conch.output.toolcall.harmony.HarmonyCards;
import dev.conch.output.toolcall.json.JsonCards;
import dev.conch.output.toolcall.pythonic.PythonicCards;
import dev.conch.output.toolcall.section.SectionCards;
import dev.conch.output.toolcall.xml.XmlCards;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The cards of all dialects. A new shape is a line here. */
final class DialectCards {
    static final List<DialectCard> ALL = Stream.of(
                    FunctionaryCards.ALL,
                    HarmonyCards.ALL,
                    JsonCards.ALL,
                    PythonicCards.ALL,
                    SectionCards.ALL,
                    XmlCards.ALL)
            .flatMap(Collection::stream)
            .toList();

    private DialectCards() {}
}
