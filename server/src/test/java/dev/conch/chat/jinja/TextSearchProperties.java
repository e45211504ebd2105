package dev.conch.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** What is found is what {@link String} finds, also where many places begin as the wanted text does. */
class TextSearchProperties {
    private static final Clock STILL = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @Property
    void findsWhatStringFinds(
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 8) String piece,
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 4) String end,
            @ForAll @IntRange(max = 6) int repeated,
            @ForAll @IntRange(max = 80) int from) {
        String wanted = piece.repeat(repeated) + end;
        String string = piece.repeat(7) + end + piece.repeat(repeated) + end + piece;
        TextSearch search = new TextSearch(string, wanted, new Budget(RenderLimits.DEFAULT, STILL));
        assertThat(search.first(from)).isEqualTo(string.indexOf(wanted, from));
        assertThat(search.last(from)).isEqualTo(string.lastIndexOf(wanted, from));
    }
}
