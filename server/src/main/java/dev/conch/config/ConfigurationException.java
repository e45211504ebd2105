package dev.conch.config;

import java.util.List;

/** A configuration that cannot be used, with all of its faults at once, one a line: {@code file:line key: problem}. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
    }
}
