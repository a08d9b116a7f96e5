package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.client.Json;
import chat.parley.e2e.client.Session;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** How long one waits for what a search finds among many messages: the first time, and at each key press after it. */
final class Search {
    private static final int MESSAGES = 10_000;
    private static final int MESSAGES_PER_CONVERSATION = 100;
    /** Conversations of one file. */
    private static final int AT_ONCE = 10;
    /** Words of a message, which are about 600 characters. */
    private static final int WORDS = 90;

    private static final int VOCABULARY = 20_000;
    /** Each has all messages, and searches for the first time once. */
    private static final int PEOPLE = 5;

    private static final int WARM_UPS = 20;
    private static final int CALLS = 100;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final Report report = new Report("search", "Search among many messages");
    private final Random random = new Random(1);
    private final List<String> vocabulary = vocabulary();

    private Search() {}

    static void run(Arguments told) throws IOException {
        int messages = told.numbers().isEmpty() ? MESSAGES : told.numbers().getFirst();
        try (Stack stack = Stack.start(told.stack().replicas(1, 1))) {
            new Search().measure(stack, messages / MESSAGES_PER_CONVERSATION);
        }
    }

    private void measure(Stack stack, int conversations) throws IOException {
        List<Session> people = new ArrayList<>();
        String phrase = "";
        for (int i = 0; i < PEOPLE; i++) {
            Session person = Session.open(stack.url());
            phrase = write(person, conversations);
            people.add(person);
        }
        report.add(PEOPLE + " people, each with " + conversations + " conversations of " + MESSAGES_PER_CONVERSATION
                + " messages of about 600 characters, their words from " + VOCABULARY
                + ", the few most used in most messages. Through nginx, one call after the other.");
        Table table = report.table("Times", "what", Sample.columns());
        double heap = heap(stack);
        List<Duration> first = new ArrayList<>();
        for (Session person : people) {
            first.add(search(person, vocabulary.get(VOCABULARY / 2)));
        }
        table.row("the first search of a person", Sample.of(first).figures());
        double grown = heap(stack) - heap;
        Session person = people.getFirst();
        row(table, "a word in few messages", person, vocabulary.get(VOCABULARY / 2));
        row(table, "a word in many messages", person, vocabulary.get(10));
        row(table, "three words", person, String.join(" ", vocabulary.subList(20, 23)));
        row(table, "a phrase", person, "\"" + phrase + "\"");
        row(
                table,
                "a phrase of common words that is nowhere",
                person,
                "\"" + String.join(" ", vocabulary.subList(0, 6)) + "\"");
        row(table, "a word that is nowhere", person, "nowhere");
        row(table, "one letter", person, "e");
        report.table("Memory", "what", List.of(new Column("heap", "MB", 1)))
                .row(
                        "of one person's messages, as Conversation holds them",
                        List.of(grown / PEOPLE / BYTES_PER_MEGABYTE));
        report.write();
    }

    private static double heap(Stack stack) throws IOException {
        return stack.conversation(0).liveBytes().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static void row(Table table, String name, Session person, String query) {
        for (int i = 0; i < WARM_UPS; i++) {
            Duration _ = search(person, query);
        }
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            took.add(search(person, query));
        }
        table.row(name, Sample.of(took).figures());
    }

    private static Duration search(Session person, String query) {
        String path = "/api/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        long began = System.nanoTime();
        Session.Answer answer = person.get(path);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        if (answer.status() != 200) {
            throw new IllegalStateException(path + " got " + answer.status());
        }
        return took;
    }

    /** Brings in a person's conversations, and returns some words of the oldest message. */
    private String write(Session person, int conversations) {
        String oldest = "";
        for (int from = 0; from < conversations; from += AT_ONCE) {
            List<Map<String, Object>> file = new ArrayList<>();
            for (int i = from; i < Math.min(conversations, from + AT_ONCE); i++) {
                List<String> texts = Stream.generate(this::text)
                        .limit(MESSAGES_PER_CONVERSATION)
                        .toList();
                oldest = oldest.isEmpty() ? texts.getFirst() : oldest;
                file.add(conversation(i, texts));
            }
            Session.Answer answer = person.call("POST", "/api/conversations/import", Json.write(file));
            if (answer.status() != 200) {
                throw new IllegalStateException("An import got " + answer);
            }
        }
        return String.join(" ", List.of(oldest.split(" ")).subList(10, 14));
    }

    private static Map<String, Object> conversation(int number, List<String> texts) {
        Instant began = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(number));
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Map<String, Object> message = new HashMap<>();
            message.put("id", "m" + i);
            message.put("parentId", i == 0 ? null : "m" + (i - 1));
            message.put("role", i % 2 == 0 ? "user" : "assistant");
            message.put("text", texts.get(i));
            message.put("status", "complete");
            message.put("createdAt", began.plusSeconds(i).toString());
            messages.add(message);
        }
        Map<String, Object> of = Map.of(
                "id",
                "c" + number,
                "title",
                "Conversation " + number,
                "createdAt",
                began.toString(),
                "updatedAt",
                began.plusSeconds(texts.size()).toString(),
                "pinned",
                false);
        return Map.of("conversation", of, "messages", messages);
    }

    private String text() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            // As in a language: the share of a word falls with its rank.
            words.add(vocabulary.get((int) Math.pow(VOCABULARY, random.nextDouble()) - 1));
        }
        return String.join(" ", words);
    }

    private static List<String> vocabulary() {
        Random letters = new Random(2);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < VOCABULARY; i++) {
            StringBuilder word = new StringBuilder();
            int syllables = 1 + letters.nextInt(i < 100 ? 2 : 4);
            for (int k = 0; k <= syllables; k++) {
                word.append("bcdfghklmnprstvz".charAt(letters.nextInt(16))).append("aeiou".charAt(letters.nextInt(5)));
            }
            words.add(word.toString());
        }
        return words;
    }
}
