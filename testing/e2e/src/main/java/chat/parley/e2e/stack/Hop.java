package chat.parley.e2e.stack;

/** Where a proxy with faults can stand. */
public enum Hop {
    BROWSER_NGINX,
    NGINX_CONVERSATION,
    CONVERSATION_REDIS,
    CONVERSATION_RABBIT,
    ASSISTANT_RABBIT,
    ASSISTANT_STUB
}
