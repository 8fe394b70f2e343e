package io.perennial.eventstore;

import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteConfig;

/// A fixed number of connections to one database file, for one DbClient.
///
/// DbClient prepares each statement anew on every execution and closes it after; these connections keep theirs, which
/// makes a small insert about three times as fast. Borrowing waits where all are in use, which is also what bounds the
/// reads that run at once.
final class Connections implements JdbcConnectionPool, AutoCloseable {
    private static final int WAIT_SECONDS = 10;

    // Once it is closed an empty one stays in it, which wakes whoever waits.
    private final BlockingQueue<Optional<KeptConnection>> idle = new LinkedBlockingQueue<>();
    private int open;

    private Connections() {}

    static Connections open(Path file, SQLiteConfig config, int count) throws SQLException {
        Connections connections = new Connections();
        try {
            for (int i = 0; i < count; i++) {
                KeptConnection connection =
                        new KeptConnection(file.toString(), config.toProperties(), connections::handBack);
                config.apply(connection);
                connections.handBack(connection);
                connections.open++;
            }
            return connections;
        } catch (SQLException e) {
            connections.close();
            throw e;
        }
    }

    private void handBack(KeptConnection connection) {
        idle.add(Optional.of(connection));
    }

    @Override
    public Connection connection() {
        try {
            Optional<KeptConnection> connection = idle.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (connection == null) {
                throw new StorageException("no connection came free within " + WAIT_SECONDS + " s");
            }
            return connection.orElseThrow(() -> {
                idle.add(Optional.empty());
                return new StorageException("the store is closed");
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while waiting for a connection to the database", e);
        }
    }

    @Override
    public String dbType() {
        return "sqlite";
    }

    /// Waits for those in use, then closes all.
    @Override
    public void close() throws SQLException {
        try {
            while (open > 0) {
                Optional<KeptConnection> connection = idle.poll(WAIT_SECONDS, TimeUnit.SECONDS);
                if (connection == null) {
                    throw new SQLException("a read didn't end within " + WAIT_SECONDS + " s");
                }
                connection.orElseThrow().closeForGood();
                open--;
            }
            idle.add(Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for a read to end", e);
        }
    }
}
