package io.perennial.eventstore;

import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbTransaction;
import java.util.Optional;

/// A transaction that begins with its first statement: one without any costs nothing.
final class Transaction {
    private final DbClient client;
    private final Runnable whenCommitted;
    private Optional<DbTransaction> begun = Optional.empty();

    /// @param whenCommitted what is left to do once the database has committed
    Transaction(DbClient client, Runnable whenCommitted) {
        this.client = client;
        this.whenCommitted = whenCommitted;
    }

    DbExecute execute() {
        if (begun.isEmpty()) {
            begun = Optional.of(client.transaction());
        }
        return begun.get();
    }

    boolean hasBegun() {
        return begun.isPresent();
    }

    void commit() {
        begun.ifPresent(transaction -> {
            transaction.commit();
            whenCommitted.run();
        });
    }

    void rollback() {
        begun.ifPresent(DbTransaction::rollback);
    }
}
