package chat.parley.conversation.reply;

import chat.parley.conversation.history.ReplyStore;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;

/** Conversation without its browser's side. */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan(basePackageClasses = {ReplyStore.class, Replies.class})
class ReplyTestApplication {}
