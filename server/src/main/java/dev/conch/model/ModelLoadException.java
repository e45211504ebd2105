package dev.conch.model;

import java.util.List;
import java.util.stream.Collectors;

/** Folders of models that cannot be served; the message is for the operator and names each model, one a line. */
public final class ModelLoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }

    /** All of them at once. */
    static ModelLoadException of(List<ModelLoadException> faults) {
        String message = faults.stream()
                .map(fault -> String.valueOf(fault.getMessage()))
                .collect(Collectors.joining(System.lineSeparator()));
        var all = new ModelLoadException(message, faults.getFirst());
        faults.stream().skip(1).forEach(all::addSuppressed);
        return all;
    }
}
