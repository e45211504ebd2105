package dev.conch.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.TokenText;
import dev.conch.generation.TokenText.Bytes;
import dev.conch.generation.TokenText.Characters;
import org.junit.jupiter.api.Test;

class TokenNameTest {

    @Test
    void aTokenOfWholeCharactersIsItsText() {
        TokenText token = new Characters(" é", false);
        assertThat(TokenName.ofChat(token)).isEqualTo(" é");
        assertThat(TokenName.ofCompletion(token)).isEqualTo(" é");
        assertThat(TokenName.bytes(token)).containsExactly(0x20, 0xC3, 0xA9);
    }

    @Test
    void strayBytesAreEscapedAndTheRestIsText() {
        TokenText token = new Bytes(new byte[] {' ', (byte) 0xC3, (byte) 0xA9, (byte) 0xF0, (byte) 0x9F});
        assertThat(TokenName.ofChat(token)).isEqualTo(" é\\xf0\\x9f");
        assertThat(TokenName.ofCompletion(token)).isEqualTo("bytes: é\\xf0\\x9f");
        assertThat(TokenName.bytes(token)).containsExactly(0x20, 0xC3, 0xA9, 0xF0, 0x9F);
    }

    @Test
    void aTokenThatContinuesACharacterIsEscapedToo() {
        TokenText token = new Bytes(new byte[] {(byte) 0x98, (byte) 0x80, '!'});
        assertThat(TokenName.ofChat(token)).isEqualTo("\\x98\\x80!");
    }

    @Test
    void aControlTokenThatIsNotShownHasNoBytes() {
        TokenText token = new Characters("<|im_end|>", true);
        assertThat(TokenName.ofChat(token)).isEqualTo("<|im_end|>");
        assertThat(TokenName.bytes(token)).isNull();
    }
}
