package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Caller;

/// How much each caller may ask for, by their name and by their address.
final class Allowance {
    private final ClientAddress addresses;
    private final Quota ofToken;
    private final Quota ofAddress;

    Allowance(CallerLimits limits, ClientAddress addresses) {
        this.addresses = addresses;
        this.ofToken = new Quota("a token", limits.tokens());
        this.ofAddress = new Quota("an address", limits.addresses());
    }

    boolean isBounded() {
        return ofToken.isBounded() || ofAddress.isBounded();
    }

    /// A request of whoever is at an address.
    ///
    /// @throws ProblemException 429 where it is one too many
    void request(ServerRequest request) {
        if (ofAddress.isBounded()) {
            ofAddress.request(addresses.counted(request));
        }
    }

    /// The same request, of whoever it turned out to be.
    ///
    /// @throws ProblemException 429 where it is one too many
    void request(Caller caller) {
        if (!caller.isAnybody()) {
            ofToken.request(caller.id());
        }
    }

    /// The body of an append.
    ///
    /// @throws ProblemException 429 where there were too many bytes before
    void append(ServerRequest request, Caller caller, byte[] body) {
        if (ofAddress.isBounded()) {
            ofAddress.append(addresses.counted(request), body.length);
        }
        if (!caller.isAnybody()) {
            ofToken.append(caller.id(), body.length);
        }
    }

    /// An answer that stays open, until what this returns is closed.
    ///
    /// @throws ProblemException 429 where it is one too many
    Vigil.Watch follow(ServerRequest request, Caller caller) {
        String address = ofAddress.isBounded() ? addresses.counted(request) : "";
        ofAddress.follow(address);
        if (caller.isAnybody()) {
            return () -> ofAddress.leave(address);
        }
        try {
            ofToken.follow(caller.id());
        } catch (ProblemException e) {
            ofAddress.leave(address);
            throw e;
        }
        return () -> {
            ofToken.leave(caller.id());
            ofAddress.leave(address);
        };
    }
}
