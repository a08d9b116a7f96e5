package chat.parley.bench;

import java.util.Map;

/**
 * How long a token takes from the model to the page, and how long it would take at least: what Parley adds, and the sum
 * of the hops that it can't do without, each alone on the same servers. At p50, in milliseconds.
 *
 * @param samples of every leg
 */
record WayOfAToken(Map<Leg, Sample> samples) {
    /** What is measured. */
    enum Leg {
        DIRECT("A, first token from the model directly"),
        THROUGH("B, first token through Parley"),
        NGINX("first token from the model through a bare nginx"),
        PUBLISH("confirmed publish to a quorum queue, to its delivery"),
        SCRIPT("script that writes to Redis"),
        ECHO("WebSocket echo of a bare Tomcat");

        final String title;

        Leg(String title) {
            this.title = title;
        }
    }

    /** What Parley adds to the time to the first token. */
    double added() {
        return p50(Leg.THROUGH) - p50(Leg.DIRECT);
    }

    /** What an nginx adds. */
    double nginx() {
        return p50(Leg.NGINX) - p50(Leg.DIRECT);
    }

    /**
     * An nginx, the request and the reply through a queue each, the question and the reply's first piece stored, and a
     * frame to the server and back.
     */
    double sumOfFloors() {
        return nginx() + 2 * p50(Leg.PUBLISH) + 2 * p50(Leg.SCRIPT) + p50(Leg.ECHO);
    }

    /** How many times the sum of the floors Parley adds. */
    double ratio() {
        return added() / sumOfFloors();
    }

    private double p50(Leg leg) {
        Sample sample = samples.get(leg);
        if (sample == null) {
            throw new IllegalStateException("Not measured: " + leg);
        }
        return sample.percentile(0.5);
    }
}
