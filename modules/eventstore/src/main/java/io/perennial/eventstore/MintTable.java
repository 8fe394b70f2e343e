package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;

/// One row: how far offsets and stream ids have been given out. It is written in every transaction that mints, and
/// nothing lowers it, so that a restart after a deletion, and under whatever clock, begins above every cursor that was
/// ever handed out.
final class MintTable {
    static final String CREATE = """
            CREATE TABLE mint (
              id          INTEGER PRIMARY KEY CHECK (id = 1),
              high_water  BLOB    NOT NULL,
              last_stream INTEGER NOT NULL
            )""";

    private static final Sql READ = new Sql("mint.read", "SELECT high_water, last_stream FROM mint");
    private static final Sql WRITE = new Sql("mint.write", """
            INSERT INTO mint (id, high_water, last_stream) VALUES (1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET high_water = excluded.high_water, last_stream = excluded.last_stream""");

    /// @param highWater the greatest offset minted
    /// @param lastStream the greatest stream id given
    record Mint(Offset highWater, long lastStream) {}

    private MintTable() {}

    static Mint read(DbExecute execute) {
        return READ.get(execute)
                .map(row -> new Mint(
                        Offset.of(row.column(1).get(byte[].class)),
                        row.column(2).get(Number.class).longValue()))
                .orElse(new Mint(Offset.LEAST, 0));
    }

    static void write(DbExecute execute, Mint mint) {
        WRITE.run(execute, mint.highWater().bytes(), mint.lastStream());
    }
}
