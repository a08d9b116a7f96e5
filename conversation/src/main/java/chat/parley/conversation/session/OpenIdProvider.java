package chat.parley.conversation.session;

import chat.parley.conversation.session.SignInFailedException.Reason;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.id.Subject;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.AuthorizedParty;
import com.nimbusds.openid.connect.sdk.claims.ClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The OpenID Connect provider where people sign in, by the authorization code flow with PKCE. */
@Component
final class OpenIdProvider {
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private final OpenIdProperties properties;
    private final ProviderHttp http;
    private volatile @Nullable Known known;

    OpenIdProvider(OpenIdProperties properties) {
        this.properties = properties;
        this.http = new ProviderHttp(properties);
    }

    /**
     * What the provider has said of itself.
     *
     * @param until when it is asked again, by {@link System#nanoTime}
     */
    private record Known(OIDCProviderMetadata metadata, IDTokenValidator tokens, long until) {}

    /** Whether there is one. */
    boolean isThere() {
        return properties.isSet();
    }

    /** Where the browser goes to sign in. */
    URI signInPage(SignIn signIn) throws SignInFailedException {
        return new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope(properties.scopeList().toArray(String[]::new)),
                        clientId(),
                        URI.create(signIn.redirectUri()))
                .endpointURI(ask().metadata().getAuthorizationEndpointURI())
                .state(new State(signIn.state()))
                .nonce(new Nonce(signIn.nonce()))
                .codeChallenge(new CodeVerifier(signIn.verifier()), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /**
     * Checks who says that an answer is his (RFC 9207), so that a code of another provider never comes to this one.
     *
     * @param issuer as the answer has it; absent if it says nothing, which only a provider may do that never does
     */
    void checkIssuer(@Nullable String issuer) throws SignInFailedException {
        boolean right = issuer == null
                ? !ask().metadata().supportsAuthorizationResponseIssuerParam()
                : issuer.equals(properties.issuer());
        if (!right) {
            throw new SignInFailedException(Reason.WRONG_ISSUER);
        }
    }

    /** Redeems the code that the browser brought back, and says who that is. */
    Person redeem(SignIn signIn, String code) throws SignInFailedException {
        Known provider = ask();
        OIDCTokenResponse response = tokens(request(provider, signIn, code));
        try {
            IDTokenClaimsSet claims =
                    provider.tokens().validate(response.getOIDCTokens().getIDToken(), new Nonce(signIn.nonce()));
            if (!isForUs(claims)) {
                throw new SignInFailedException(Reason.WRONG_TOKEN);
            }
            List<String> names = names(claims);
            if (names.isEmpty()) {
                names = namesElsewhere(provider, response, claims.getSubject());
            }
            return Person.of(properties.issuer(), claims.getSubject().getValue(), names);
        } catch (KeySourceException e) {
            throw new SignInFailedException(Reason.UNREACHABLE);
        } catch (BadJOSEException | JOSEException e) {
            throw new SignInFailedException(Reason.WRONG_TOKEN);
        }
    }

    private TokenRequest request(Known provider, SignIn signIn, String code) {
        URI endpoint = provider.metadata().getTokenEndpointURI();
        AuthorizationCodeGrant grant = new AuthorizationCodeGrant(
                new AuthorizationCode(code), URI.create(signIn.redirectUri()), new CodeVerifier(signIn.verifier()));
        return properties.clientSecret().value().isEmpty()
                ? new TokenRequest.Builder(endpoint, clientId(), grant).build()
                : new TokenRequest.Builder(endpoint, authentication(provider.metadata()), grant).build();
    }

    /** By HTTP's own way, unless the provider says that it knows only the other one. */
    private ClientAuthentication authentication(OIDCProviderMetadata metadata) {
        Secret secret = new Secret(properties.clientSecret().value());
        List<ClientAuthenticationMethod> known = metadata.getTokenEndpointAuthMethods();
        boolean basic = known == null
                || known.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                || !known.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        return basic ? new ClientSecretBasic(clientId(), secret) : new ClientSecretPost(clientId(), secret);
    }

    private OIDCTokenResponse tokens(TokenRequest request) throws SignInFailedException {
        try {
            TokenResponse response =
                    OIDCTokenResponseParser.parse(request.toHTTPRequest().send(http));
            if (response.indicatesSuccess()) {
                return (OIDCTokenResponse) response.toSuccessResponse();
            }
            boolean client =
                    OAuth2Error.INVALID_CLIENT.equals(response.toErrorResponse().getErrorObject());
            throw new SignInFailedException(client ? Reason.CLIENT_REFUSED : Reason.CODE_REFUSED);
        } catch (IOException e) {
            throw new SignInFailedException(Reason.UNREACHABLE);
        } catch (ParseException e) {
            throw new SignInFailedException(Reason.WRONG_TOKEN);
        }
    }

    /** That we are in the audience was checked before. Among several, the provider has to say for whom it is. */
    private boolean isForUs(IDTokenClaimsSet claims) {
        AuthorizedParty party = claims.getAuthorizedParty();
        return party == null
                ? claims.getAudience().size() == 1
                : party.getValue().equals(properties.clientId());
    }

    private static List<String> names(ClaimsSet claims) {
        return Stream.of("name", "preferred_username", "email")
                .flatMap(claim -> Optional.ofNullable(claims.getStringClaim(claim)).stream()
                        .map(value -> claim.equals("email") ? value.split("@", 2)[0] : value))
                .toList();
    }

    /** Some providers tell names only who asks once more. Whoever has none can sign in all the same. */
    private List<String> namesElsewhere(Known provider, OIDCTokenResponse response, Subject subject) {
        URI endpoint = provider.metadata().getUserInfoEndpointURI();
        if (!OpenIdProperties.isSafe(endpoint)) {
            return List.of();
        }
        try {
            UserInfoRequest request =
                    new UserInfoRequest(endpoint, response.getOIDCTokens().getAccessToken());
            UserInfoResponse answer =
                    UserInfoResponse.parse(request.toHTTPRequest().send(http));
            UserInfo found =
                    answer.indicatesSuccess() ? answer.toSuccessResponse().getUserInfo() : null;
            return found != null && found.getSubject().equals(subject) ? names(found) : List.of();
        } catch (IOException | ParseException e) {
            return List.of();
        }
    }

    private ClientID clientId() {
        return new ClientID(properties.clientId());
    }

    /** Asks the provider about itself, unless it has been asked a short while ago. */
    private Known ask() throws SignInFailedException {
        Known last = known;
        if (last != null && System.nanoTime() - last.until() < 0) {
            return last;
        }
        try {
            URI address = URI.create(properties.issuer().replaceAll("/$", "") + WELL_KNOWN);
            OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(http.get(address));
            check(metadata);
            Known asked = new Known(
                    metadata,
                    validator(metadata),
                    System.nanoTime() + properties.keep().toNanos());
            known = asked;
            return asked;
        } catch (IOException e) {
            throw new SignInFailedException(Reason.UNREACHABLE);
        } catch (ParseException e) {
            throw new SignInFailedException(Reason.WRONG_METADATA);
        }
    }

    /** What a provider says may lead browsers and secrets elsewhere, so it has to be the right one, over a safe way. */
    private void check(OIDCProviderMetadata metadata) throws SignInFailedException {
        boolean safe = Stream.of(metadata.getTokenEndpointURI(), metadata.getJWKSetURI())
                .allMatch(OpenIdProperties::isSafe);
        URI page = metadata.getAuthorizationEndpointURI();
        // This one may have a query of its own.
        boolean safePage = page != null
                && OpenIdProperties.isSafe(URI.create(page.toString().split("[?]", 2)[0]));
        if (!safe || !safePage || !metadata.getIssuer().getValue().equals(properties.issuer())) {
            throw new SignInFailedException(Reason.WRONG_METADATA);
        }
    }

    private IDTokenValidator validator(OIDCProviderMetadata metadata)
            throws MalformedURLException, SignInFailedException {
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                        metadata.getJWKSetURI().toURL(), http)
                .refreshAheadCache(false)
                .build();
        return new IDTokenValidator(
                new Issuer(properties.issuer()),
                clientId(),
                new JWSVerificationKeySelector<>(algorithms(metadata), keys),
                null);
    }

    /** Only those whose keys the provider alone has. */
    private static Set<JWSAlgorithm> algorithms(OIDCProviderMetadata metadata) throws SignInFailedException {
        List<JWSAlgorithm> said = metadata.getIDTokenJWSAlgs();
        Set<JWSAlgorithm> algorithms = new HashSet<>(said == null ? List.of(JWSAlgorithm.RS256) : said);
        Set<JWSAlgorithm> good = new HashSet<>(JWSAlgorithm.Family.RSA);
        good.addAll(JWSAlgorithm.Family.EC);
        algorithms.retainAll(good);
        if (algorithms.isEmpty()) {
            throw new SignInFailedException(Reason.WRONG_METADATA);
        }
        return algorithms;
    }
}
