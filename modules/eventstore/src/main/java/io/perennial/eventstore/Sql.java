package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A statement and its name. DbClient makes up a name for one without, from a hash of the text, at every execution.
record Sql(String name, String text) {
    /// The first row, where there is one.
    Optional<DbRow> get(DbExecute execute, @Nullable Object... parameters) {
        return execute.createNamedGet(name, text)
                .params(Arrays.asList(parameters))
                .execute();
    }

    /// All rows, within this transaction.
    Stream<DbRow> all(DbExecute execute, @Nullable Object... parameters) {
        return execute.createNamedQuery(name, text)
                .params(Arrays.asList(parameters))
                .execute();
    }

    /// Executes what changes something. Returns how many rows.
    long run(DbExecute execute, @Nullable Object... parameters) {
        return execute.createNamedDmlStatement(name, text)
                .params(Arrays.asList(parameters))
                .execute();
    }
}
