package io.perennial.eventstore;

import io.helidon.dbclient.DbExecute;
import io.perennial.eventstore.ChunkTable.Place;
import io.perennial.eventstore.ChunkTable.Sum;
import java.util.List;
import java.util.Optional;

/// Puts together what the tables say of one stream.
final class Survey {
    private Survey() {}

    /// @param fresh what hasn't settled, and may reach beyond the row's tail
    static StreamSurvey of(DbExecute execute, StreamRow row, Fresh fresh, int most) {
        Optional<Place> last = ChunkTable.last(execute, row.id());
        // What settles at this moment may be in both.
        Offset settled = Offset.later(
                row.trimmed(), last.map(place -> place.last().next()).orElse(Offset.LEAST));
        Sum end = last.map(Place::end).orElse(Sum.NOTHING).and(fresh.between(settled, row.tail()));
        Sum before = ChunkTable.places(execute, row.id(), 1).stream()
                .map(Place::before)
                .findFirst()
                .orElse(Sum.NOTHING);
        return new StreamSurvey(
                row.info(),
                end.events() - before.events(),
                end.bytes() - before.bytes(),
                Optional.of(row.trimmed()).filter(trimmed -> !trimmed.equals(Offset.LEAST)),
                source(execute, row),
                row.forks() == 0 || most == 0 ? List.of() : StreamTable.forks(execute, row.id(), most),
                most == 0 ? List.of() : ProducerTable.list(execute, row.id(), most));
    }

    private static Optional<StreamSurvey.Source> source(DbExecute execute, StreamRow row) {
        return row.birth().lineage() instanceof Lineage.Forked fork
                ? StreamTable.find(execute, fork.parent())
                        .map(parent -> new StreamSurvey.Source(parent.key(), fork.below()))
                : Optional.empty();
    }
}
