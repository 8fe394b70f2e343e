package io.perennial.eventstore;

import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbTransaction;
import java.util.Optional;

/// A transaction that begins with its first statement: one without any costs nothing.
final class Transaction {
    private final DbClient client;
    private Optional<DbTransaction> begun = Optional.empty();

    Transaction(DbClient client) {
        this.client = client;
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
        begun.ifPresent(DbTransaction::commit);
    }

    void rollback() {
        begun.ifPresent(DbTransaction::rollback);
    }
}
