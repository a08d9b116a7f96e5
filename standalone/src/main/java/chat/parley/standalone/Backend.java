package chat.parley.standalone;

import java.util.Map;

/** Something that the services need and know only by its address. */
interface Backend extends AutoCloseable {
    /** What a service must be told to reach it. */
    Map<String, String> properties();

    /** Stops it; call it when no service needs it any more. */
    @Override
    void close();
}
