package chat.parley.bench.report;

/**
 * An axis from zero, with marks at round numbers.
 *
 * @param end the last mark
 * @param step from mark to mark: 1, 2 or 5, times a power of ten
 */
record Scale(double end, double step) {
    private static final int MOST_MARKS = 6;

    /** One that has room for so much, with as many marks as are easy to read; one up to 1 if that is nothing. */
    static Scale upTo(double most) {
        if (most <= 0) {
            return new Scale(1, 1);
        }
        double step = Math.pow(10, Math.floor(Math.log10(most / MOST_MARKS)));
        for (int factor : new int[] {1, 2, 5, 10}) {
            if (most <= factor * step * MOST_MARKS) {
                step *= factor;
                break;
            }
        }
        return new Scale(Math.ceil(most / step) * step, step);
    }

    /** One for counts: there are no marks between whole numbers. */
    static Scale ofCounts(double most) {
        Scale scale = upTo(most);
        return scale.step() < 1 ? new Scale(Math.ceil(most), 1) : scale;
    }

    /** How many marks there are after the one at zero. */
    int marks() {
        return (int) Math.round(end / step);
    }

    /** Where a value lies between two places. */
    double place(double value, double from, double to) {
        return from + value / end * (to - from);
    }
}
