package chat.parley.e2e.stack;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a stack consists of.
 *
 * @param proxied hops on which proxies stand; without one the processes speak to each other directly
 * @param points whether the services can be stopped at named points of their code
 * @param conversationSettings environment variables of every Conversation
 * @param assistantSettings environment variables of every Assistant
 */
public record StackOptions(
        int conversations,
        int assistants,
        Set<Hop> proxied,
        boolean points,
        Map<String, String> conversationSettings,
        Map<String, String> assistantSettings) {

    /** Copies what it is given. */
    public StackOptions {
        proxied = Set.copyOf(proxied);
        conversationSettings = Map.copyOf(conversationSettings);
        assistantSettings = Map.copyOf(assistantSettings);
    }

    /** Two Conversations and three Assistants, as delivered. */
    public static StackOptions standard() {
        return new StackOptions(2, 3, Set.of(), false, Map.of(), Map.of());
    }

    /** Other numbers of replicas. */
    public StackOptions replicas(int ofConversation, int ofAssistant) {
        return new StackOptions(ofConversation, ofAssistant, proxied, points, conversationSettings, assistantSettings);
    }

    /** One more hop with proxies. */
    public StackOptions proxied(Hop hop) {
        EnumSet<Hop> hops = EnumSet.of(hop);
        hops.addAll(proxied);
        return new StackOptions(conversations, assistants, hops, points, conversationSettings, assistantSettings);
    }

    /** With named points in the services' code. */
    public StackOptions withPoints() {
        return new StackOptions(conversations, assistants, proxied, true, conversationSettings, assistantSettings);
    }

    /** One more setting of every Conversation. */
    public StackOptions conversation(String name, String value) {
        return new StackOptions(
                conversations, assistants, proxied, points, plus(conversationSettings, name, value), assistantSettings);
    }

    /** One more setting of every Assistant. */
    public StackOptions assistant(String name, String value) {
        return new StackOptions(
                conversations, assistants, proxied, points, conversationSettings, plus(assistantSettings, name, value));
    }

    private static Map<String, String> plus(Map<String, String> settings, String name, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(name, value);
        return more;
    }
}
