package chat.parley.stub;

/** How far a call is. */
public enum CallStatus {
    /** Being answered, or hanging. */
    OPEN,
    /** Answered in full and without a fault. */
    COMPLETED,
    /** Ended as its fault said. */
    FAULTED,
    /** The client closed before the end. */
    ABORTED
}
