package chat.parley.conversation;

import static chat.parley.conversation.history.ErrorCode.BAD_REQUEST;
import static chat.parley.conversation.history.ErrorCode.NOT_FOUND;
import static chat.parley.conversation.history.ErrorCode.RATE_LIMITED;
import static chat.parley.conversation.history.ErrorCode.TOO_LARGE;
import static chat.parley.conversation.history.ErrorCode.UNAUTHORIZED;
import static chat.parley.conversation.history.ErrorCode.UNAVAILABLE;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RawJson;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The HTTP calls as OpenAPI describes them: what springdoc finds in the code, and what it can't see there from the
 * tables below. A call that is in one of the two alone is told of by {@link #undescribed} and {@link #gone}.
 */
final class OpenApiDocument {
    private static final String PREFIX = "/api";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String RESPONSES = "#/components/responses/";
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    private static final String HEADER = """
            # The HTTP calls of the protocol (docs/protocol.md), made from the code. To write it anew:
            #   mvn verify -pl conversation -am -Dit.test=OpenApiIT -Dopenapi.write=true \\
            #     -Dfailsafe.failIfNoSpecifiedTests=false -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false
            """;

    /**
     * What the code does not say of a call.
     *
     * @param errors codes that it is refused with, besides those that any call may be
     * @param more members that take the place of springdoc's, as YAML; empty for none
     */
    private record Call(String summary, List<ErrorCode> errors, String more) {
        Call(String summary, ErrorCode... errors) {
            this(summary, List.of(errors), "");
        }

        Call with(String yaml) {
            return new Call(summary, errors, yaml);
        }
    }

    private static final Map<String, Call> CALLS = Map.ofEntries(
            Map.entry(
                    "POST /api/session",
                    new Call(
                            "Makes sure of a session: gives the one that the cookie has, or begins one of a guest.",
                            UNAUTHORIZED)),
            Map.entry("DELETE /api/session", new Call("Ends the session of this browser, or all of this user.")),
            Map.entry(
                    "POST /api/session/sign-in",
                    new Call("Begins to sign in: says where the page has to go.", BAD_REQUEST, NOT_FOUND).with("""
                                    requestBody:
                                      content: {application/json: {schema: {$ref: "#/components/schemas/SignIn"}}}
                                    """)),
            Map.entry(
                    "GET /api/session/sign-in/callback",
                    new Call("Where the provider sends the browser back to; no page calls it.").with("""
                                    parameters:
                                      - {name: state, in: query, schema: {type: string}}
                                      - {name: code, in: query, schema: {type: string}}
                                      - {name: error, in: query, schema: {type: string}}
                                      - {name: iss, in: query, schema: {type: string}}
                                    responses:
                                      "303":
                                        description: "Leads to the page, whether somebody has signed in or not."
                                        headers: {Location: {required: true, schema: {type: string}}}
                                    """)),
            Map.entry(
                    "GET /api/conversations",
                    new Call("A page of the list: pinned ones first, then the newest first.", BAD_REQUEST)),
            Map.entry("GET /api/conversations/{id}", new Call("A snapshot of a conversation.", NOT_FOUND)),
            Map.entry(
                    "PATCH /api/conversations/{id}",
                    new Call("Changes a conversation; what is not named stays.", BAD_REQUEST, NOT_FOUND, TOO_LARGE)
                            .with("""
                                    requestBody:
                                      required: true
                                      content:
                                        application/json: {schema: {$ref: "#/components/schemas/ConversationChange"}}
                                    """)),
            Map.entry(
                    "DELETE /api/conversations/{id}",
                    new Call("Deletes a conversation; its id is used up. Also when it is repeated.", NOT_FOUND)),
            Map.entry(
                    "GET /api/conversations/{id}/messages",
                    new Call(
                            "Messages before another, or the newest; the newest of them first.",
                            BAD_REQUEST,
                            NOT_FOUND)),
            Map.entry(
                    "GET /api/conversations/{id}/export",
                    new Call("A conversation as a file.", BAD_REQUEST, NOT_FOUND).with("""
                                    parameters:
                                      - {name: id, in: path, required: true, schema: {type: string}}
                                      - name: format
                                        in: query
                                        schema: {type: string, enum: [markdown, json], default: markdown}
                                    responses:
                                      "200":
                                        description: "A download."
                                        content:
                                          text/markdown: {schema: {type: string}}
                                          application/json:
                                            schema: {$ref: "#/components/schemas/ConversationExport"}
                                    """)),
            Map.entry(
                    "PUT /api/conversations/{id}/share",
                    new Call(
                            "Shares a conversation by a link, or lets its link show what it is now.",
                            BAD_REQUEST,
                            NOT_FOUND)),
            Map.entry("GET /api/conversations/{id}/share", new Call("A conversation's link.", NOT_FOUND)),
            Map.entry(
                    "DELETE /api/conversations/{id}/share",
                    new Call("Takes a link back. Also when it is repeated.", NOT_FOUND)),
            Map.entry("GET /api/shares", new Call("All links of the user, the newest first.", NOT_FOUND)),
            Map.entry(
                    "GET /api/shared/{token}",
                    new Call("What a link shows, to anybody; the newest messages first.", BAD_REQUEST, NOT_FOUND)),
            Map.entry(
                    "GET /api/conversations/{id}/usage",
                    new Call("What the replies of a conversation used of the model, and what that cost.", NOT_FOUND)),
            Map.entry("GET /api/prompts", new Call("All saved prompts of the user, by title.")),
            Map.entry(
                    "PUT /api/prompts/{id}",
                    new Call("Keeps a prompt, in place of one with the same id.", BAD_REQUEST, TOO_LARGE).with("""
                                    requestBody:
                                      required: true
                                      content:
                                        application/json: {schema: {$ref: "#/components/schemas/Words"}}
                                    """)),
            Map.entry("DELETE /api/prompts/{id}", new Call("Deletes a prompt. Also when it is repeated.")),
            Map.entry(
                    "GET /api/export",
                    new Call("All that is kept of the user, as one archive. One at a time.", RATE_LIMITED).with("""
                                    responses:
                                      "200":
                                        description: "A zip archive; one that breaks off has no end."
                                        content: {application/zip: {schema: {type: string, format: binary}}}
                                    """)),
            Map.entry(
                    "POST /api/conversations/import",
                    new Call(
                                    "Takes conversations over from a file. One at a time.",
                                    BAD_REQUEST,
                                    TOO_LARGE,
                                    RATE_LIMITED)
                            .with("""
                                    requestBody:
                                      required: true
                                      content:
                                        application/json: {schema: {}}
                                        application/zip: {schema: {type: string, format: binary}}
                                    """)),
            Map.entry(
                    "GET /api/search",
                    new Call("Looks for a text in all messages of the user.", BAD_REQUEST, TOO_LARGE)),
            Map.entry("GET /api/models", new Call("The models that may be asked; none while no worker is known.")));

    /**
     * What has no class of its own in the code, and what stands in the place of a class that is none of the protocol.
     */
    private static final String SHAPES = """
            Message:
              type: object
              required: [id, parentId, role, text, status, createdAt]
              properties:
                id: {type: string}
                parentId: {type: [string, "null"]}
                role: {type: string, enum: [user, assistant]}
                text: {type: string}
                status: {type: string, enum: [complete, failed, cancelled]}
                createdAt: {type: string, format: date-time}
                replyId: {type: string}
                model: {type: string}
                usage:
                  type: object
                  required: [promptTokens, completionTokens]
                  properties: {promptTokens: {type: integer}, completionTokens: {type: integer}}
                error:
                  type: object
                  required: [code, message, retryable]
                  properties:
                    code: {type: string}
                    message: {type: string}
                    retryable: {type: boolean}
                    cause: {type: string}
            ConversationChange:
              type: object
              properties:
                title: {type: string}
                pinned: {type: boolean}
                model: {type: [string, "null"]}
                systemPrompt: {type: [string, "null"]}
            Words:
              type: object
              required: [title, text]
              properties:
                title: {type: string}
                text: {type: string}
            Mark:
              type: array
              items: {type: integer}
              minItems: 2
              maxItems: 2
            ConversationExport:
              type: object
              required: [conversation, messages]
              properties:
                conversation: {$ref: "#/components/schemas/Conversation"}
                messages: {type: array, items: {$ref: "#/components/schemas/Message"}}
                replies: {type: array, items: {$ref: "#/components/schemas/OpenReply"}}
            SignIn:
              type: object
              properties:
                returnTo: {type: string, maxLength: 200, pattern: "^#/"}
            """;

    private final Map<String, Object> root = new LinkedHashMap<>();
    private final Set<String> found = new TreeSet<>();

    /** @param raw springdoc's document, with the full names of classes */
    OpenApiDocument(Map<String, Object> raw) {
        Map<String, Object> paths = paths(raw);
        root.put("openapi", raw.get("openapi"));
        root.put("info", object("""
                        title: "Parley: the HTTP calls of parley.v1"
                        version: v1
                        description: "What they mean is told in protocol.md; the socket is in asyncapi.yaml."
                        license: {name: Apache-2.0, identifier: Apache-2.0}
                        """));
        root.put("security", List.of(Map.of("session", List.of())));
        root.put("paths", paths);
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("schemas", schemas(raw, paths));
        components.put("responses", responses());
        components.put("securitySchemes", object("""
                        session:
                          type: apiKey
                          in: cookie
                          name: parley-session
                          description: "Over TLS its name begins with __Host-."
                        """));
        root.put("components", components);
    }

    /** Calls of the code that the table lacks, as {@code GET /api/models}. */
    Set<String> undescribed() {
        Set<String> calls = new TreeSet<>(found);
        calls.removeAll(CALLS.keySet());
        return calls;
    }

    /** Calls of the table that the code lacks. */
    Set<String> gone() {
        Set<String> calls = new TreeSet<>(CALLS.keySet());
        calls.removeAll(found);
        return calls;
    }

    /** All calls of the code. */
    Set<String> calls() {
        return found;
    }

    String yaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(140);
        options.setSplitLines(false);
        return HEADER + new Yaml(options).dump(root);
    }

    /** The schema of a name, as {@code Conversation}. */
    Map<String, Object> schema(String name) {
        return map(map(map(root.get("components")).get("schemas")).get(name));
    }

    /** The schema of an answer of 200 in JSON. */
    Map<String, Object> answer(String method, String path) {
        Map<String, Object> call = map(map(map(root.get("paths")).get(path)).get(method));
        Map<String, Object> content =
                map(map(map(call.get("responses")).get("200")).get("content"));
        return map(map(content.get("application/json")).get("schema"));
    }

    private Map<String, Object> paths(Map<String, Object> raw) {
        Map<String, Object> paths = new TreeMap<>();
        map(raw.get("paths")).forEach((path, calls) -> {
            if (path.startsWith(PREFIX)) {
                Map<String, Object> all = new LinkedHashMap<>();
                for (String method : METHODS) {
                    if (map(calls).get(method) != null) {
                        all.put(method, call(method, path, map(map(calls).get(method))));
                    }
                }
                paths.put(path, all);
            }
        });
        return paths;
    }

    private Map<String, Object> call(String method, String path, Map<String, Object> raw) {
        String name = method.toUpperCase(Locale.ROOT) + " " + path;
        found.add(name);
        Call known = CALLS.getOrDefault(name, new Call("?"));
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("summary", known.summary());
        List<Object> parameters = new ArrayList<>();
        boolean inSession = false;
        for (Object parameter : list(raw.get("parameters"))) {
            boolean isSession = "session".equals(map(parameter).get("name"));
            inSession |= isSession;
            if (!isSession) {
                parameters.add(parameter);
            }
        }
        if (!inSession) {
            call.put("security", new ArrayList<>()); // one of its own, or it is written as a reference
        }
        if (!parameters.isEmpty()) {
            call.put("parameters", parameters);
        }
        if (raw.containsKey("requestBody")) {
            call.put("requestBody", raw.get("requestBody"));
        }
        call.put("responses", raw.get("responses"));
        call.putAll(object(known.more()));
        Map<String, Object> responses = new TreeMap<>(map(renamed(call.get("responses"))));
        List<ErrorCode> errors = new ArrayList<>(known.errors());
        errors.add(UNAVAILABLE);
        if (inSession) {
            errors.add(UNAUTHORIZED);
        }
        for (ErrorCode error : new TreeSet<>(errors)) {
            responses.put(Integer.toString(error.httpStatus()), problem(error.json()));
        }
        responses.put("default", problem("other"));
        call.put("responses", responses);
        return map(renamed(call));
    }

    private static Map<String, Object> problem(String name) {
        return Map.of("$ref", RESPONSES + name);
    }

    /** One for each code, and one for all others. */
    private static Map<String, Object> responses() {
        Map<String, Object> all = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            all.put(code.json(), response("The code is `" + code.json() + "`."));
        }
        all.put("other", response("Any other error; the code says which."));
        return all;
    }

    private static Map<String, Object> response(String description) {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", description);
        Map<String, Object> schema = Map.of("$ref", SCHEMAS + "Problem");
        response.put("content", Map.of("application/problem+json", Map.of("schema", schema)));
        return response;
    }

    /** Only what the calls refer to, and what that refers to. */
    private Map<String, Object> schemas(Map<String, Object> raw, Map<String, Object> paths) {
        Map<String, Object> all = new LinkedHashMap<>();
        map(map(raw.get("components")).get("schemas")).forEach((fullName, schema) -> {
            if (all.put(named(fullName), required(fullName, map(renamed(schema)))) != null) {
                throw new IllegalStateException("Two schemas have the name " + named(fullName));
            }
        });
        all.putAll(object(SHAPES));
        all.put("Problem", problemShape());
        Map<String, Object> used = new TreeMap<>();
        List<Object> left = new ArrayList<>(List.of(paths, responses()));
        while (!left.isEmpty()) {
            for (String name : references(left.removeLast())) {
                if (!used.containsKey(name)) {
                    used.put(name, all.get(name));
                    left.add(all.get(name));
                }
            }
        }
        return used;
    }

    private static Map<String, Object> problemShape() {
        Map<String, Object> shape = object("""
                type: object
                required: [title, status, code, retryable]
                properties:
                  type: {type: string}
                  title: {type: string}
                  status: {type: integer}
                  detail: {type: string}
                  instance: {type: string}
                  code: {type: string}
                  retryable: {type: boolean, description: "Whether the same again may succeed."}
                  cause: {type: string, description: "Why, more exactly."}
                  signIn: {type: boolean, description: "With `unauthorized`: nobody is let in without signing in."}
                """);
        List<String> codes = Stream.of(ErrorCode.values()).map(ErrorCode::json).toList();
        map(map(shape.get("properties")).get("code")).put("enum", codes);
        return shape;
    }

    /** A record's components are there unless they may be null; then they are null or absent. */
    private static Map<String, Object> required(String fullName, Map<String, Object> schema) {
        RecordComponent[] components = components(fullName);
        if (components == null) {
            return schema;
        }
        Set<String> required = new LinkedHashSet<>();
        Map<String, Object> properties = map(schema.get("properties"));
        for (RecordComponent component : components) {
            String name = properties.containsKey(component.getName()) ? component.getName() : jsonName(component);
            Map<String, Object> property = map(properties.get(name));
            if (component.getGenericType().getTypeName().contains(RawJson.class.getName())) {
                // What was encoded once: a message, in all answers.
                property.put("items", Map.of("$ref", SCHEMAS + "Message"));
            }
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(name);
            } else if (property.containsKey("$ref")) {
                properties.put(name, Map.of("anyOf", List.of(property, Map.of("type", "null"))));
            } else {
                property.put("type", List.of(property.get("type"), "null"));
            }
        }
        schema.put("required", List.copyOf(required));
        return schema;
    }

    /** Null if it is no record. The name of a class within another has a point, too. */
    private static RecordComponent @Nullable [] components(String className) {
        try {
            return Class.forName(className).getRecordComponents();
        } catch (ClassNotFoundException e) {
            int last = className.lastIndexOf('.');
            String within = className.substring(0, last) + "$" + className.substring(last + 1);
            return within.indexOf('.') < 0 ? null : components(within);
        }
    }

    private static String jsonName(RecordComponent component) {
        return component.getAccessor().getAnnotation(JsonProperty.class).value();
    }

    /** The last part of a class's name; what is only an answer is known by its controller. */
    private static String named(String fullName) {
        String[] parts = fullName.split("[.$]", -1);
        String name = parts[parts.length - 1];
        if (name.equals("Answer")) {
            return parts[parts.length - 2].replace("Controller", "") + name;
        }
        return name;
    }

    /** The same with short names of schemas, and without what springdoc says where it knows nothing. */
    private static Object renamed(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> all = new LinkedHashMap<>();
            map(map).forEach((key, one) -> {
                if (key.equals("$ref") && one instanceof String reference && reference.contains(".")) {
                    all.put(key, SCHEMAS + named(reference.substring(SCHEMAS.length())));
                } else {
                    all.put(key.equals("*/*") ? "application/json" : key, renamed(one));
                }
            });
            return all;
        }
        return value instanceof List<?> list
                ? list.stream().map(OpenApiDocument::renamed).toList()
                : value;
    }

    private static Set<String> references(@Nullable Object value) {
        Set<String> names = new TreeSet<>();
        if (value instanceof Map<?, ?> map) {
            map(map).forEach((key, one) -> {
                if (key.equals("$ref") && ((String) one).startsWith(SCHEMAS)) {
                    names.add(((String) one).substring(SCHEMAS.length()));
                } else {
                    names.addAll(references(one));
                }
            });
        } else if (value instanceof List<?> list) {
            list.forEach(one -> names.addAll(references(one)));
        }
        return names;
    }

    private static Map<String, Object> object(String yaml) {
        return yaml.isEmpty() ? Map.of() : new Yaml().load(yaml);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    private static List<?> list(@Nullable Object value) {
        return value == null ? List.of() : (List<?>) value;
    }
}
