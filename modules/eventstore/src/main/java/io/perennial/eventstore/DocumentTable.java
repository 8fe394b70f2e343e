package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import java.util.List;

/// The documents of the modules that build on the store.
final class DocumentTable {
    static final String CREATE = """
            CREATE TABLE document (
              collection TEXT NOT NULL,
              key        TEXT NOT NULL,
              data       BLOB NOT NULL,
              PRIMARY KEY (collection, key)
            ) WITHOUT ROWID""";

    private static final Sql PUT = new Sql("document.put", """
            INSERT INTO document (collection, key, data) VALUES (?, ?, ?)
            ON CONFLICT (collection, key) DO UPDATE SET data = excluded.data""");
    private static final Sql REMOVE =
            new Sql("document.remove", "DELETE FROM document WHERE collection = ? AND key = ?");
    private static final Sql LIST = new Sql(
            "document.list", "SELECT key, data FROM document WHERE collection = ? AND key > ? ORDER BY key LIMIT ?");

    private DocumentTable() {}

    static void edit(DbExecute execute, Document.Edit edit) {
        switch (edit) {
            case Document.Edit.Put(Document document) ->
                PUT.run(execute, document.collection(), document.key(), document.data());
            case Document.Edit.Remove(String collection, String key) -> REMOVE.run(execute, collection, key);
        }
    }

    static List<Document> list(DbExecute execute, String collection, String after, int limit) {
        return LIST.all(execute, collection, after, limit)
                .map(row -> new Document(
                        collection,
                        row.column(1).get(String.class),
                        row.column(2).get(byte[].class)))
                .toList();
    }
}
