package dev.conch;

import dev.conch.admission.AdmissionListener;
import dev.conch.telemetry.ServerMeters;
import java.util.Locale;

/** Puts what happens at the door into the figures. */
record MeteredAdmission(ServerMeters meters) implements AdmissionListener {

    @Override
    public void onQueueLeft(QueueEnd end, long nanos) {
        meters.queueLeft(label(end), nanos);
    }

    @Override
    public void onRefused(Refusal reason) {
        meters.shed(label(reason));
    }

    private static String label(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
