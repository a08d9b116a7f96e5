package chat.parley.bench;

import java.util.concurrent.Flow;

/** Reads a completion's server-sent events, as far as text is concerned. */
final class LineReader implements Flow.Subscriber<String> {
    private final StreamTimes times;

    LineReader(StreamTimes times) {
        this.times = times;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        if (line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
            times.text();
        }
    }

    @Override
    public void onError(Throwable failure) {
        times.fail(String.valueOf(failure));
    }

    @Override
    public void onComplete() {
        // the response's own end says the same
    }
}
