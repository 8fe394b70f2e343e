package io.perennial.eventstore;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/// A connection that keeps the statements prepared on it, one for each text; closing it hands it back.
final class KeptConnection extends JDBC4Connection {
    private final Map<String, KeptStatement> statements = new HashMap<>();
    private final Consumer<KeptConnection> handBack;

    KeptConnection(String file, Properties properties, Consumer<KeptConnection> handBack) throws SQLException {
        super("jdbc:sqlite:" + file, file, properties);
        this.handBack = handBack;
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        KeptStatement kept = statements.get(sql);
        // After some errors the driver gives a statement up.
        if (kept == null || kept.isGivenUp()) {
            kept = new KeptStatement(this, sql);
            statements.put(sql, kept);
        }
        return kept;
    }

    @Override
    public void commit() throws SQLException {
        try {
            super.commit();
        } catch (SQLException e) {
            // The driver would leave the transaction open, and the next one would commit what was refused in this one.
            rollback();
            throw e;
        }
    }

    @Override
    public void rollback() throws SQLException {
        try {
            super.rollback();
        } catch (SQLException _) {
            // After some errors SQLite has rolled back by itself, and the driver fails before it begins anew.
            getDatabase().exec("begin;", getAutoCommit());
        }
    }

    @Override
    public void close() {
        handBack.accept(this);
    }

    void closeForGood() throws SQLException {
        for (KeptStatement statement : statements.values()) {
            statement.closeForGood();
        }
        super.close();
    }

    private static final class KeptStatement extends JDBC4PreparedStatement {
        KeptStatement(KeptConnection connection, String sql) throws SQLException {
            super(connection, sql);
        }

        boolean isGivenUp() {
            return pointer.isClosed();
        }

        @Override
        public void close() throws SQLException {
            // Ends the read, and with it the snapshot that it holds.
            rs.close();
            if (!isGivenUp()) {
                clearParameters();
            }
        }

        void closeForGood() throws SQLException {
            super.close();
        }
    }
}
