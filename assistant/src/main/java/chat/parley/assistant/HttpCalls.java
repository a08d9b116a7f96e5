package chat.parley.assistant;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Makes the HTTP calls that the SDK asks for, and gives a hold on them. Closing the SDK's stream does not end a call
 * whose answer has not begun, and reaches into a body that another thread reads; cancelling the call itself closes its
 * socket at any moment.
 *
 * <p>They are made by a client of our own, since that of the SDK goes wherever a provider's redirect leads it, and has
 * no setting against that.
 */
final class HttpCalls implements Interceptor {
    /** Leads from a prompt to its HTTP call; taken off before the request leaves. */
    static final String HANDLE_HEADER = "X-Parley-Handle";

    /** What {@link #rehearse} gets for an answer. */
    private static final String REHEARSED = """
            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":\
            [{"index":0,"delta":{"role":"assistant","content":"a"},"finish_reason":null}]}

            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":\
            [{"index":0,"delta":{},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

            data: [DONE]

            """;

    private final OkHttpClient client;
    private final DataSize maxAnswerSize;
    private final Map<String, Handle> handles = new ConcurrentHashMap<>();
    private final AtomicLong counter = new AtomicLong();

    /**
     * Makes calls by this client.
     *
     * @param client goes where it is told to and nowhere else, and waits for as long as a call may take
     * @param maxAnswerSize most that is held of an answer at once, see {@link BoundedSource}
     */
    HttpCalls(OkHttpClient client, DataSize maxAnswerSize) {
        this.client = client;
        this.maxAnswerSize = maxAnswerSize;
    }

    /** A hold on a call that is about to be made. Thread-safe. */
    final class Handle implements AutoCloseable {
        private final String name = Long.toString(counter.incrementAndGet());
        private final boolean rehearsal;
        private @Nullable Call call;
        private boolean closed;
        private volatile boolean answered;

        private Handle(boolean rehearsal) {
            this.rehearsal = rehearsal;
            handles.put(name, this);
        }

        /** The value of {@link #HANDLE_HEADER} for the prompt. */
        String name() {
            return name;
        }

        /** Whether the provider began to answer with success. */
        boolean answered() {
            return answered;
        }

        /** Ends the call, at whatever point it is, also if it has not been made yet. */
        @Override
        public void close() {
            handles.remove(name);
            Call toCancel;
            synchronized (this) {
                closed = true;
                toCancel = call;
            }
            if (toCancel != null) {
                toCancel.cancel();
            }
        }

        private synchronized void begin(Call call) throws IOException {
            if (closed) {
                throw new IOException("Cancelled before it was sent");
            }
            this.call = call;
        }
    }

    Handle open() {
        return new Handle(false);
    }

    /** For a call that reaches nobody and is answered in a word, at once. */
    Handle rehearse() {
        return new Handle(true);
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        @Nullable String name = request.header(HANDLE_HEADER);
        Request.Builder outgoing = request.newBuilder().removeHeader(HANDLE_HEADER);
        @Nullable RequestBody body = request.body();
        if (body != null) {
            outgoing.method(request.method(), new OneShot(body));
        }
        Call call = client.newCall(outgoing.build());
        call.timeout().timeout(chain.call().timeout().timeoutNanos(), TimeUnit.NANOSECONDS);
        if (name == null) {
            return bounded(call.execute(), false);
        }
        @Nullable Handle handle = handles.get(name);
        if (handle == null) {
            throw new IOException("Cancelled before it was sent");
        }
        handle.begin(call);
        Response response = handle.rehearsal ? rehearsed(request) : call.execute();
        handle.answered = response.isSuccessful();
        return bounded(response, response.isSuccessful());
    }

    /** The SDK reads errors, answers in one piece, and each event of a stream into memory, however long they are. */
    private Response bounded(Response response, boolean stream) {
        @Nullable ResponseBody body = response.body();
        if (body == null) {
            return response;
        }
        BoundedSource source = new BoundedSource(body.source(), maxAnswerSize.toBytes(), stream);
        return response.newBuilder()
                .body(ResponseBody.create(Okio.buffer(source), body.contentType(), body.contentLength()))
                .build();
    }

    private static Response rehearsed(Request request) {
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .body(ResponseBody.create(REHEARSED, MediaType.get("text/event-stream")))
                .build();
    }

    /** Keeps OkHttp from sending a question, which costs money, twice by itself when a connection breaks. */
    private static final class OneShot extends RequestBody {
        private final RequestBody body;

        OneShot(RequestBody body) {
            this.body = body;
        }

        @Override
        public @Nullable MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() throws IOException {
            return body.contentLength();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            body.writeTo(sink);
        }
    }
}
