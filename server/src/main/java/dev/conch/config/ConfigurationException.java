package dev.conch.config;

import java.util.List;

/** A configuration that cannot be used, with all of its faults at once, one a line: {@code file:line key: problem}. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConchConfiguration.Model> soundModels;

    public ConfigurationException(List<String> faults) {
        this(faults, List.of());
    }

    ConfigurationException(List<String> faults, List<ConchConfiguration.Model> soundModels) {
        super(String.join(System.lineSeparator(), faults));
        this.soundModels = List.copyOf(soundModels);
    }

    /** Models of whose entries nothing is wrong, so that their folders can be looked at. */
    public List<ConchConfiguration.Model> soundModels() {
        return soundModels;
    }
}
