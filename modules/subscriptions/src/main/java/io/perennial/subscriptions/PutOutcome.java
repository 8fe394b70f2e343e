package io.perennial.subscriptions;

/// What became of a request to make sure that a subscription exists.
public sealed interface PutOutcome {
    /// It is new.
    record Created(SubscriptionView subscription) implements PutOutcome {}

    /// It was there before, and was created with the same configuration.
    record Confirmed(SubscriptionView subscription) implements PutOutcome {}

    /// It isn't as asked, for one of these reasons.
    sealed interface Refused extends PutOutcome {}

    /// It was there before, and was created with another configuration.
    record Differs() implements Refused {}

    /// Its webhook may not be called.
    record UrlRejected(String reason) implements Refused {}

    /// There are as many subscriptions as there may be.
    record TooMany(int limit) implements Refused {}

    /// Its owner has made as many as one may.
    record TooManyOfOne(int limit) implements Refused {}

    /// More streams match than it may be linked to.
    record TooManyLinks(int limit) implements Refused {}
}
