package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who said a message of the history that goes to the model. */
public enum Role {
    @JsonProperty("user")
    USER,
    @JsonProperty("assistant")
    ASSISTANT
}
