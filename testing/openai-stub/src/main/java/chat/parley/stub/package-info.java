/**
 * A scripted OpenAI-compatible server: its replies are a function of the request, its faults are asked for, its calls
 * are counted. In demo mode it is the model that Parley talks to without a key.
 */
@NullMarked
package chat.parley.stub;

import org.jspecify.annotations.NullMarked;
