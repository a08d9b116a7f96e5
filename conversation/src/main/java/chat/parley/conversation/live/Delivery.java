package chat.parley.conversation.live;

import chat.parley.conversation.history.ConversationReader;
import org.springframework.stereotype.Component;

/** What every socket needs to get its frames out. */
@Component
record Delivery(
        Feeds feeds, ConversationReader reader, FrameCodec codec, LiveProperties properties, LiveThreads threads) {}
