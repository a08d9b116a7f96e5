package chat.parley.conversation.session;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import org.springframework.stereotype.Component;

/** Knows whose word to take for how the browser came: only that of proxies which whoever runs this named. */
@Component
final class TrustedProxies {
    private final List<Network> networks;

    TrustedProxies(SessionProperties properties) {
        networks = properties.trustedProxies().stream().map(Network::parse).toList();
    }

    /** Whether the browser's own connection is encrypted. */
    boolean isSecure(HttpServletRequest request) {
        if (request.isSecure()) {
            return true;
        }
        String proto = request.getHeader("X-Forwarded-Proto");
        return proto != null
                && isTrusted(request.getRemoteAddr())
                && nearest(proto).equalsIgnoreCase("https");
    }

    /** What the proxy that we talk to saw; what stands before it came from outside. */
    private static String nearest(String list) {
        return list.substring(list.lastIndexOf(',') + 1).strip();
    }

    private boolean isTrusted(String address) {
        if (networks.isEmpty()) {
            return false;
        }
        InetAddress peer = InetAddress.ofLiteral(address);
        return networks.stream().anyMatch(network -> network.contains(peer));
    }

    private record Network(InetAddress address, int bits) {
        static Network parse(String text) {
            try {
                int cut = text.indexOf('/');
                InetAddress address = InetAddress.ofLiteral(cut < 0 ? text : text.substring(0, cut));
                int most = address.getAddress().length * 8;
                int bits = cut < 0 ? most : Integer.parseInt(text.substring(cut + 1));
                if (bits >= 0 && bits <= most) {
                    return new Network(address, bits);
                }
            } catch (IllegalArgumentException _) {
                // said below
            }
            throw new IllegalArgumentException(
                    "TRUSTED_PROXIES has " + text + ", and should have addresses and networks such as 10.0.0.0/8");
        }

        boolean contains(InetAddress peer) {
            byte[] own = address.getAddress();
            byte[] other = peer.getAddress();
            if (own.length != other.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((own[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
