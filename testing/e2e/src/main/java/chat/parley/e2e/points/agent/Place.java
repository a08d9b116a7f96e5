package chat.parley.e2e.points.agent;

import java.lang.classfile.MethodModel;

/**
 * A point and where it is: before a method's first instruction, or before it returns.
 *
 * @param className as class files write it, with slashes
 * @param parameters how many the method has, to tell overloads apart
 */
record Place(String point, boolean before, String className, String method, int parameters) {
    /**
     * Reads {@code <point>=before|after:<class>#<method>/<parameters>}.
     *
     * @throws IllegalArgumentException if it is written differently
     */
    static Place parse(String text) {
        String[] parts = text.split("[=:#/]", -1);
        if (parts.length != 5 || !(parts[1].equals("before") || parts[1].equals("after"))) {
            throw new IllegalArgumentException("Not a fault point: " + text);
        }
        return new Place(
                parts[0], parts[1].equals("before"), parts[2].replace('.', '/'), parts[3], Integer.parseInt(parts[4]));
    }

    boolean isAt(MethodModel candidate) {
        return candidate.methodName().equalsString(method)
                && candidate.methodTypeSymbol().parameterCount() == parameters;
    }
}
