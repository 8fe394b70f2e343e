package io.perennial.eventstore;

/// Gives out offsets and the ids of streams in one transaction, and writes with it how far: once, however many.
///
/// A transaction that fails gives the ids back, and not the offsets, since of those the generator knows the last.
final class Minting {
    private final OffsetGenerator offsets;
    private long lastStream;
    private boolean isDue;

    /// @param lastStream the greatest stream id given
    Minting(OffsetGenerator offsets, long lastStream) {
        this.offsets = offsets;
        this.lastStream = lastStream;
    }

    Offset offset() {
        isDue = true;
        return offsets.mint();
    }

    long stream() {
        return ++lastStream;
    }

    /// How far is written although it may be there already.
    void repeat() {
        isDue = true;
    }

    void write(Transaction transaction) {
        if (isDue) {
            MintTable.write(transaction.execute(), new MintTable.Mint(offsets.last(), lastStream));
        }
    }

    /// The greatest stream id given; counts only once the transaction has committed.
    long lastStream() {
        return lastStream;
    }
}
