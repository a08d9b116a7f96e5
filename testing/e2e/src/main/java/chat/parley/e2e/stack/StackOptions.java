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
 * @param redisDiskMegabytes size of a disk that Redis has for itself, which takes root; 0 for no such disk
 * @param conversationSettings environment variables of every Conversation
 * @param assistantSettings environment variables of every Assistant
 */
public record StackOptions(
        int conversations,
        int assistants,
        Set<Hop> proxied,
        boolean points,
        int redisDiskMegabytes,
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
        return new StackOptions(2, 3, Set.of(), false, 0, Map.of(), Map.of());
    }

    /** Other numbers of replicas. */
    public StackOptions replicas(int ofConversation, int ofAssistant) {
        return new StackOptions(ofConversation, ofAssistant, proxied, points, redisDiskMegabytes, conversationSettings, assistantSettings);
    }

    /** One more hop with proxies. */
    public StackOptions proxied(Hop hop) {
        EnumSet<Hop> hops = EnumSet.of(hop);
        hops.addAll(proxied);
        return new StackOptions(conversations, assistants, hops, points, redisDiskMegabytes, conversationSettings, assistantSettings);
    }

    /** With named points in the services' code. */
    public StackOptions withPoints() {
        return new StackOptions(conversations, assistants, proxied, true, redisDiskMegabytes, conversationSettings, assistantSettings);
    }

    /** With a disk for Redis alone. */
    public StackOptions redisDisk(int megabytes) {
        return new StackOptions(
                conversations, assistants, proxied, points, megabytes, conversationSettings, assistantSettings);
    }

    /** One more setting of every Conversation. */
    public StackOptions conversation(String name, String value) {
        return new StackOptions(
                conversations, assistants, proxied, points, redisDiskMegabytes, plus(conversationSettings, name, value), assistantSettings);
    }

    /** One more setting of every Assistant. */
    public StackOptions assistant(String name, String value) {
        return new StackOptions(
                conversations, assistants, proxied, points, redisDiskMegabytes, conversationSettings, plus(assistantSettings, name, value));
    }

    private static Map<String, String> plus(Map<String, String> settings, String name, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(name, value);
        return more;
    }
}
