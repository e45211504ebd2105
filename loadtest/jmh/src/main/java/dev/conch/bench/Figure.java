package dev.conch.bench;

/**
 * One line of the table.
 *
 * @param title what is measured
 * @param benchmark its method; the library's, if it can do the same, is called {@code ...ByLibrary}
 * @param unit of the figures
 * @param perUnit how many of the benchmark's own units one of these is; negative for a rate: that many divided by the time
 * @param goal what the project wants to reach
 */
record Figure(String title, String benchmark, String unit, double perUnit, String goal) {

    double of(double time) {
        return perUnit > 0 ? time / perUnit : -perUnit / time;
    }
}
