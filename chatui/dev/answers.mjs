/** What the fake server answers, by a word in the question. */

const LONG = `TLS is a sealed tunnel between two machines. It does **three** things at once, and each has its own tool.

## The handshake

1. The browser says *hello* and lists the ciphers that it knows.
2. The server answers with its **certificate**, a passport signed by someone the browser already trusts.
3. Both sides mix their secrets into one shared key, without ever sending it. That is [Diffie–Hellman](https://en.wikipedia.org/wiki/Diffie%E2%80%93Hellman_key_exchange).

> Nobody who listens can work the key out, although they hear every word of it.

Here is the idea with small numbers:

\`\`\`python
def shared_secret(generator: int, prime: int, mine: int, theirs: int) -> int:
    """Both sides arrive at the same number."""
    public = pow(generator, mine, prime)   # sent in the open
    print(f"I send {public}")
    return pow(theirs, mine, prime)        # never sent


assert shared_secret(5, 23, 6, 19) == shared_secret(5, 23, 15, 8)
\`\`\`

| Tool | What it gives | Example |
| --- | --- | --- |
| Certificate | identity | \`X.509\` |
| Key exchange | a shared secret | X25519 |
| Cipher | privacy | AES-GCM |

- [x] Nobody can read along
- [x] Nobody can change a byte
- [ ] It hides *that* you are talking

So: a passport, a secret handshake, and a sealed envelope for every letter after that.`;

const FORMULAS = String.raw`The roots of $ax^2 + bx + c = 0$ are

$$
x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$

With $a = 1$, $b = -3$, $c = 2$ the discriminant is \(b^2 - 4ac = 1\), so $x_1 = 1$ and $x_2 = 2$.

It costs $5 to be wrong and $10 to be sure.

\[ \sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6} \]`;

const DIAGRAM = `The page never waits for the model: it waits for what was stored.

\`\`\`mermaid
sequenceDiagram
  accTitle: How a message is answered
  participant P as Page
  participant C as Conversation
  participant A as Assistant
  P->>C: send
  C-->>P: accepted
  C->>A: request
  loop each word
    A->>C: delta
    C-->>P: delta
  end
\`\`\``;

const FOOTNOTES = `Tea was a medicine in Yunnan long before it was a pleasure[^medicine]. Under the Tang it became what everybody drank, and the first book about it was written[^book].

It came to Europe in the 17th century by two ways, and its name tells which[^names]: *tea* by sea, *chai* by land.

[^medicine]: The oldest leaves that were found are from the grave of an emperor who died in 141 BC.
[^book]: Lu Yu, **The Classic of Tea**, about 760.
[^names]: From the Hokkien *te* and the Mandarin *chá*.
`;

const SHORT =
  "Certainly. Tuesday no longer works for me; would **Thursday at the same time** suit you? If not, tell me what does.";

/**
 * @param {string} question
 * @returns {{ text: string, fails?: object, retries?: { code: string, pause: number }, hangs?: boolean, starts?: number }}
 */
export function answerTo(question) {
  const asked = question.toLowerCase();
  if (asked.includes("[fail]")) {
    return {
      text: SHORT.slice(0, 60),
      fails: {
        code: "provider_rejected",
        message: "The provider refused the key (401). Check OPENAI_API_KEY.",
        retryable: true,
      },
    };
  }
  if (asked.includes("[refuse]")) {
    return {
      text: "",
      fails: {
        code: "context_too_long",
        message: "",
        retryable: false,
      },
    };
  }
  if (asked.includes("[retry]"))
    return { text: SHORT, retries: { code: "provider_rate_limited", pause: 7_500 } };
  if (asked.includes("[hang]")) return { text: LONG.slice(0, 178), hangs: true };
  if (asked.includes("[start]")) return { text: SHORT, starts: 60_000 };
  if (asked.includes("[echo]")) return { text: question.slice(question.indexOf("[echo]") + 6).trim() };
  if (asked.includes("[diagram]")) return { text: DIAGRAM };
  if (asked.includes("[footnotes]")) return { text: FOOTNOTES };
  if (asked.includes("equation")) return { text: FORMULAS };
  if (asked.includes("tls") || asked.includes("[long]")) return { text: LONG };
  return { text: SHORT };
}
