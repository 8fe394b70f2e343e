package io.perennial.eventstore;

/// Ways in which the database fails an append of the event [#POISON]: a trigger stands in for the disk.
///
/// `ABORT` fails one statement; `ROLLBACK` is what SQLite does with the whole transaction, by itself, where the disk is
/// full or can't be written. Either may happen at the event, or when all of the transaction but its last row is
/// written.
enum BrokenDisk {
    ABORT_AT_THE_EVENT("ABORT", "journal WHEN instr(new.events, CAST('poison' AS BLOB))"),
    ABORT_AT_THE_END("ABORT", "mint WHEN EXISTS (SELECT 1 FROM journal WHERE instr(events, CAST('poison' AS BLOB)))"),
    ROLLBACK_AT_THE_EVENT("ROLLBACK", "journal WHEN instr(new.events, CAST('poison' AS BLOB))"),
    ROLLBACK_AT_THE_END(
            "ROLLBACK", "mint WHEN EXISTS (SELECT 1 FROM journal WHERE instr(events, CAST('poison' AS BLOB)))");

    static final String POISON = "poison";

    private final String manner;
    private final String when;

    BrokenDisk(String manner, String when) {
        this.manner = manner;
        this.when = when;
    }

    /// The statement after which it fails.
    String sql() {
        return "CREATE TRIGGER failing BEFORE INSERT ON " + when + " BEGIN SELECT RAISE(" + manner
                + ", 'as if the disk had failed'); END";
    }
}
